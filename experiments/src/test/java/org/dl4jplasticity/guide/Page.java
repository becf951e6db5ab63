package org.dl4jplasticity.guide;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param file where it is
 * @param text what it says, in Markdown
 */
record Page(Path file, String text) {
    private static final Path ROOT = Path.of("..");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern INLINE = Pattern.compile("`\\./plasticity ([^`]+)`");

    static Page of(Path file) {
        try {
            return new Page(file, Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The README and all guides. */
    static Stream<Page> all() throws IOException {
        List<Path> files = new ArrayList<>(guides());
        files.add(ROOT.resolve("README.md"));
        files.add(ROOT.resolve("CONTRIBUTING.md"));
        return files.stream().map(Page::of);
    }

    static List<Path> guides() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
        }
    }

    /** The blocks of a language, each with its last line break. */
    List<String> blocks(String language) {
        return find(
                Pattern.compile(
                        "^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE));
    }

    /**
     * What follows {@code ./plasticity} wherever it is written, comments and line breaks undone.
     */
    List<String> commands() {
        Stream<String> inBlocks =
                blocks("sh").stream()
                        .flatMap(block -> block.replace("\\\n", " ").lines())
                        .map(line -> line.replaceAll("(^|\\s)#.*", "").strip())
                        .filter(line -> line.startsWith("./plasticity "))
                        .map(line -> line.substring("./plasticity ".length()));
        return Stream.concat(inBlocks, find(INLINE).stream())
                // "COMMAND" and the like stand for any.
                .filter(command -> Character.isLowerCase(command.charAt(0)))
                .toList();
    }

    /** The files that the page links to. */
    List<Path> links() {
        Path folder = file.toAbsolutePath().getParent();
        return find(LINK).stream().map(folder::resolve).map(Path::normalize).toList();
    }

    private List<String> find(Pattern pattern) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
