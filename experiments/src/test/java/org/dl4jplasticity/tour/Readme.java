package org.dl4jplasticity.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the README shows of the classes of this package. */
final class Readme {
    private static final Path SOURCES = Path.of("src/test/java/org/dl4jplasticity/tour");

    private Readme() {}

    static String source(Class<?> tour) throws IOException {
        return Files.readString(
                SOURCES.resolve(tour.getSimpleName() + ".java"), StandardCharsets.UTF_8);
    }

    /** The README has these lines as Java code, without the margin they have here. */
    static void assertShows(String lines) throws IOException {
        assertThat(Files.readString(Path.of("../README.md"), StandardCharsets.UTF_8))
                .contains("```java\n" + lines.stripTrailing().stripIndent() + "\n```");
    }

    /** The README has the body of a method of a tour, which ends at the first line " }". */
    static void assertShowsBodyOf(String method, Class<?> tour) throws IOException {
        String source = source(tour);
        int begin = source.indexOf("{\n", source.indexOf(" " + method + "(")) + 2;
        assertShows(source.substring(begin, source.indexOf("\n    }\n", begin)));
    }
}
