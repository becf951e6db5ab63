package org.dl4jplasticity.experiments.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.Settings;

/**
 * The candidates of a search and what became of them, in {@code candidates.jsonl}: the settings of
 * the search in the first line, then a line for each candidate. After each candidate the file is
 * written anew and moved to its place, so that it is always whole.
 */
final class CandidateJournal {
    private static final String NAME = "candidates.jsonl";

    private final ObjectMapper mapper =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private final RunFolder folder;
    private final Map<String, String> search;
    private final List<Candidate> candidates = new ArrayList<>();

    /**
     * Opens a journal and reads what an earlier search of the same settings wrote.
     *
     * @param folder of the search
     * @param search its settings by name
     * @throws IllegalArgumentException if the folder has a journal of other settings or a broken
     *     one
     */
    CandidateJournal(RunFolder folder, Map<String, String> search) {
        this.folder = folder;
        this.search = search;
        Path file = folder.folder().resolve(NAME);
        if (Files.exists(file)) {
            read(file);
        }
    }

    private void read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            JsonNode header = mapper.readTree(lines.isEmpty() ? "" : lines.get(0)).path("search");
            if (!header.isObject()) {
                throw new IllegalArgumentException(
                        "%s is no journal of a search: its first line has no settings"
                                .formatted(file));
            }
            Settings.requireSame(
                    file.toString(), search, name -> header.path(name).asText("missing"));
            for (String line : lines.subList(1, lines.size())) {
                candidates.add(mapper.readValue(line, Candidate.class));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s is no journal of a search: %s".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read %s: %s".formatted(file, e), e);
        }
    }

    /** {@return all candidates so far, in the order of their trials} */
    List<Candidate> candidates() {
        return List.copyOf(candidates);
    }

    /**
     * {@return what became of a candidate in an earlier search, if it was tried}
     *
     * @throws IllegalArgumentException if there was another one of this number
     */
    Optional<Candidate> earlier(Proposal proposal) {
        Optional<Candidate> found =
                candidates.stream().filter(each -> each.index() == proposal.index()).findFirst();
        if (found.isPresent() && !found.get().values().equals(proposal.values().byName())) {
            throw new IllegalArgumentException(
                    "%s has another candidate %d than the one proposed now: %s there and %s here; choose another --out"
                            .formatted(
                                    folder.folder().resolve(NAME),
                                    proposal.index(),
                                    found.get().values(),
                                    proposal.values().byName()));
        }
        return found;
    }

    /** Adds a candidate, on disk too. */
    void add(Candidate candidate) {
        candidates.add(candidate);
        StringBuilder lines = new StringBuilder();
        try {
            lines.append(mapper.writeValueAsString(Map.of("search", search))).append('\n');
            for (Candidate each : candidates) {
                lines.append(mapper.writeValueAsString(each)).append('\n');
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        folder.write(NAME, lines.toString());
    }
}
