package org.dl4jplasticity.datasets;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dl4jplasticity.datasets.KnownDataset.KnownFile;

/**
 * Files of published data sets in a folder: which are there, and whether they are what they are
 * called.
 */
final class DatasetFolder {

    private DatasetFolder() {}

    /**
     * Where a file is in a folder: under its name, with ".gz", or with the dot some archives put
     * before "idx".
     */
    static Optional<Path> find(Path folder, String file) {
        String dotted = file.replace("-idx", ".idx");
        return List.of(file, file + ".gz", dotted, dotted + ".gz").stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Where each file of a data set is, if all are in this folder. */
    static Optional<Map<String, Path>> findAll(Path folder, KnownDataset dataset) {
        Map<String, Path> places = new HashMap<>();
        for (KnownFile file : dataset.files()) {
            Optional<Path> place = find(folder, file.name());
            if (place.isEmpty()) {
                return Optional.empty();
            }
            places.put(file.name(), place.get());
        }
        return Optional.of(places);
    }

    /**
     * What is wrong with the content of a file that is called {@code file}, as a part of a
     * sentence.
     */
    static Optional<String> wrongSum(KnownFile file, Path place) {
        if (file.sha256().isEmpty()) {
            return Optional.empty();
        }
        String found;
        try {
            found = Unpacked.sha256(place);
        } catch (DataException e) {
            return Optional.of("no readable content (%s)".formatted(e.getMessage()));
        }
        return found.equals(file.sha256().get())
                ? Optional.empty()
                : Optional.of(
                        "the wrong content, SHA-256 must be %s, got %s"
                                .formatted(file.sha256().get(), found));
    }

    /**
     * Refuses a file that isn't what it is called.
     *
     * @throws DataException naming the file and both sums
     */
    static void requireSum(KnownDataset dataset, KnownFile file, Path place) {
        wrongSum(file, place)
                .ifPresent(
                        wrong -> {
                            throw new DataException(
                                    "%s: as a file of %s it has %s; it is left as it is, move it away to have it fetched anew"
                                            .formatted(place, dataset.name(), wrong));
                        });
    }
}
