package org.dl4jplasticity.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @TempDir Path parent;

    @Test
    void aFileThatIsNotWrittenWholeIsNotThere() throws IOException {
        RunFolder folder = new RunFolder(parent.resolve("run"));
        folder.write("report.json", "before");
        assertThatThrownBy(
                        () ->
                                folder.write(
                                        "report.json",
                                        path -> {
                                            write(path);
                                            throw new IllegalStateException("in the middle");
                                        }))
                .hasMessage("in the middle");
        assertThat(folder.folder().resolve("report.json")).hasContent("before");
        try (var files = Files.list(folder.folder())) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void filesMayBeReadByThoseWhoMayReadOthersOfThisUser() throws IOException {
        assumeTrue(Files.getFileStore(parent).supportsFileAttributeView("posix"), "no modes here");
        new RunFolder(parent).write("report.html", "page");
        write(parent.resolve("ordinary"));
        assertThat(Files.getPosixFilePermissions(parent.resolve("report.html")))
                .isEqualTo(Files.getPosixFilePermissions(parent.resolve("ordinary")));
    }

    @Test
    void aFileInPlaceOfTheFolderIsRefused() throws IOException {
        Path file = parent.resolve("file");
        write(file);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RunFolder(file))
                .withMessage("--out: expected a folder, got the file " + file);
    }

    private static void write(Path path) {
        try {
            Files.writeString(path, "half");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
