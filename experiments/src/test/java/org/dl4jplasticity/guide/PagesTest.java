package org.dl4jplasticity.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dl4jplasticity.experiments.Plasticity;
import org.dl4jplasticity.experiments.file.ExperimentFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the README and the guides show is what is compiled, what can be called, what is there. */
class PagesTest {
    private static final Path TESTS = Path.of("src/test/java/org/dl4jplasticity");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    static Stream<Page> pages() throws IOException {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyBlockOfJavaIsAMethodThatATestRuns(Page page) throws IOException {
        List<String> shown = shown();
        assertThat(page.blocks("java")).filteredOn(block -> !shown.contains(block)).isEmpty();
    }

    /** Whole programs without their package, and methods or their bodies without their margin. */
    private static List<String> shown() throws IOException {
        List<String> all = new ArrayList<>();
        for (String folder : List.of("tour", "guide")) {
            try (Stream<Path> files = Files.list(TESTS.resolve(folder))) {
                for (Path file : files.toList()) {
                    String source = Files.readString(file, StandardCharsets.UTF_8);
                    all.add(source.substring(Math.max(0, source.indexOf("import "))));
                    addBodies(source, all);
                }
            }
        }
        return all;
    }

    private static void addBodies(String source, List<String> all) {
        for (int end = source.indexOf("\n    }\n");
                end >= 0;
                end = source.indexOf("\n    }\n", end + 1)) {
            int head = source.lastIndexOf("\n    static ", end);
            int begin = head < 0 ? -1 : source.indexOf(" {\n", head);
            if (begin >= 0 && begin < end) {
                all.add(withoutMargin(source.substring(begin + 3, end)));
                all.add(withoutMargin(source.substring(head + 1, end + 6)));
            }
        }
    }

    private static String withoutMargin(String lines) {
        return lines.stripIndent() + "\n";
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyCommandLineIsUnderstood(Page page) {
        for (String command : page.commands()) {
            List<String> words = new ArrayList<>();
            Matcher matcher = WORD.matcher(command);
            while (matcher.find()) {
                words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
            }
            CommandLine commandLine = Plasticity.commandLine();
            assertThat(commandLine.getSubcommands()).containsKey(words.get(0));
            if (words.size() > 1) { // else it is spoken of, not called
                commandLine.parseArgs(words.toArray(new String[0]));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyExperimentFileIsUnderstood(Page page, @TempDir Path folder) throws IOException {
        // A block without a command is something else, such as a space to search.
        List<String> experiments =
                page.blocks("yaml").stream()
                        .filter(
                                block ->
                                        block.lines().anyMatch(line -> line.startsWith("command:")))
                        .toList();
        for (String yaml : experiments) {
            Path file = Files.writeString(folder.resolve("experiment.yaml"), yaml);
            assertThat(ExperimentFile.read(file).commandLine(Plasticity.commandLine()))
                    .hasSizeGreaterThan(1);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsToAFile(Page page) {
        assertThat(page.links()).allSatisfy(link -> assertThat(link).exists());
    }

    @Test
    void theIndexHasEveryGuide() throws IOException {
        Page index = Page.of(Path.of("../docs/README.md"));
        List<Path> others = new ArrayList<>(Page.guides());
        others.remove(index.file());
        assertThat(index.links())
                .containsAll(
                        others.stream().map(Path::toAbsolutePath).map(Path::normalize).toList());
    }
}
