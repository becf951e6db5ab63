package org.dl4jplasticity.datasets;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dl4jplasticity.datasets.KnownDataset.KnownFile;

/**
 * Data sets by name.
 *
 * <table>
 * <caption>Names</caption>
 * <tr><th>name</th><th>what</th><th>train / test</th></tr>
 * <tr><td>{@code mnist-sample}</td><td>a class-balanced sample of MNIST, embedded in this library</td>
 *     <td>5,000 / 1,000</td></tr>
 * <tr><td>{@code mnist}</td><td>handwritten digits, 1x28x28</td><td>60,000 / 10,000</td></tr>
 * <tr><td>{@code fashion-mnist}</td><td>articles of clothing, 1x28x28</td><td>60,000 / 10,000</td></tr>
 * <tr><td>{@code cifar10}</td><td>photographs, 3x32x32</td><td>50,000 / 10,000</td></tr>
 * <tr><td>{@code csv:FILE}</td><td>a table read by {@link CsvReader}: label in the last column, header
 *     detected</td><td>80 % / 20 %, stratified, drawn with seed {@value #SPLIT_SEED}</td></tr>
 * <tr><td>{@code images:DIR}</td><td>images read by {@link ImageFolderReader}</td>
 *     <td>{@code DIR/train} and {@code DIR/test} if it has both, else as a table</td></tr>
 * </table>
 *
 * <p>A published data set is looked for in the data folder given, {@code ~/.dl4j-plasticity/data},
 * DL4J's cache {@code ~/.deeplearning4j} and its {@code data}, and Debian's {@code
 * /usr/share/datasets}; in each of them directly and in the sub-folder of the data set's name. All
 * its files must be in one folder, plain or with ".gz".
 *
 * <p>MNIST and Fashion-MNIST consist of exactly the published files: a file found under one of
 * their names with another SHA-256 is refused, wherever it lies, unless it is the other data set's,
 * which is passed over since both use the same file names. Own images in IDX form are read by
 * {@link IdxReader}. CIFAR-10's files aren't compared with anything once they are on disk, so own
 * batches in its layout load; only the published archive is verified when fetched.
 */
public final class DatasetCatalog {

    /** Seed of the draw of the test part of one's own data. */
    public static final long SPLIT_SEED = 1;

    static final String SAMPLE = "mnist-sample";
    private static final String CSV = "csv:";
    private static final String IMAGES = "images:";
    private static final double TEST_FRACTION = 0.2;
    private static final int LEAST_EXAMPLES = 5;

    private final Path home;
    private final Path root;
    private final DatasetFetcher fetcher;
    private final List<KnownDataset> known;

    DatasetCatalog(Path home, Path root, DatasetFetcher fetcher, List<KnownDataset> known) {
        this.home = home;
        this.root = root;
        this.fetcher = fetcher;
        this.known = known;
    }

    private static DatasetCatalog ofThisMachine() {
        return new DatasetCatalog(
                Path.of(System.getProperty("user.home")),
                Path.of("/"),
                DatasetFetcher.ofThisMachine(),
                KnownDataset.ALL);
    }

    /**
     * The names that can be asked for.
     *
     * @return in the order of the table above
     */
    public static List<String> names() {
        return ofThisMachine().allNames();
    }

    /**
     * Where data sets are kept when the user names no folder.
     *
     * @return {@code ~/.dl4j-plasticity/data}, which may not be there yet
     */
    public static Path defaultDataDir() {
        return dataDirOf(Path.of(System.getProperty("user.home")));
    }

    private static Path dataDirOf(Path home) {
        return home.resolve(".dl4j-plasticity").resolve("data");
    }

    /**
     * Loads a data set, fetching it first if it isn't found; progress is shown on standard error.
     *
     * @param name one of {@link #names}
     * @param dataDir folder looked into first and fetched into; null for the usual ones
     * @return training and test examples
     * @throws DataException if the name isn't known, the files are damaged, or they are nowhere and
     *     can't be fetched
     */
    public static TrainTest load(String name, Path dataDir) {
        return load(name, dataDir, new ConsoleProgress());
    }

    /**
     * Loads a data set, fetching it first if it isn't found.
     *
     * @param name one of {@link #names}
     * @param dataDir folder looked into first and fetched into; null for the usual ones
     * @param progress hears how the fetch goes, if there is one
     * @return training and test examples
     * @throws DataException if the name isn't known, the files are damaged, or they are nowhere and
     *     can't be fetched
     */
    public static TrainTest load(String name, Path dataDir, ProgressListener progress) {
        return ofThisMachine().loadOrFetch(name, dataDir, progress);
    }

    /**
     * Whether a data set can be loaded without fetching it.
     *
     * @param name one of {@link #names}
     * @param dataDir folder looked into first; null for the usual ones
     * @return true if it is embedded or its files are on this machine; of a CSV file, if that is
     *     there
     * @throws DataException if files under its names are damaged
     */
    public static boolean isHere(String name, Path dataDir) {
        return ofThisMachine().holds(name, dataDir);
    }

    private boolean holds(String name, Path dataDir) {
        if (name.startsWith(CSV)) {
            return Files.isRegularFile(Path.of(name.substring(CSV.length())));
        }
        return name.equals(SAMPLE)
                || known.stream()
                        .filter(candidate -> candidate.name().equals(name))
                        .anyMatch(dataset -> lookUp(dataset, dataDir).isPresent());
    }

    TrainTest loadOrFetch(String name, Path dataDir, ProgressListener progress) {
        if (name.equals(SAMPLE)) {
            return sample();
        }
        if (name.startsWith(CSV)) {
            Path file = path(name.substring(CSV.length()));
            return split(new CsvReader().read(file), file, "lines of data");
        }
        if (name.startsWith(IMAGES)) {
            return images(path(name.substring(IMAGES.length())));
        }
        KnownDataset dataset =
                known.stream()
                        .filter(candidate -> candidate.name().equals(name))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new DataException(
                                                "Data set must be one of %s, got %s"
                                                        .formatted(
                                                                String.join(", ", allNames()),
                                                                name)));
        Optional<Map<String, Path>> places = lookUp(dataset, dataDir);
        if (places.isEmpty()) {
            Path target = dataDir == null ? dataDirOf(home) : dataDir;
            places = DatasetFolder.findAll(fetcher.fetch(dataset, target, progress), dataset);
        }
        return dataset.reader().apply(places.orElseThrow());
    }

    private List<String> allNames() {
        List<String> names = new ArrayList<>();
        names.add(SAMPLE);
        known.forEach(dataset -> names.add(dataset.name()));
        names.add(CSV + "FILE");
        names.add(IMAGES + "DIR");
        return names;
    }

    private Optional<Map<String, Path>> lookUp(KnownDataset dataset, Path dataDir) {
        for (Path folder : folders(dataset, dataDir)) {
            Optional<Map<String, Path>> places = DatasetFolder.findAll(folder, dataset);
            if (places.isPresent() && areRight(dataset, places.get())) {
                return places;
            }
        }
        return Optional.empty();
    }

    /**
     * False if the files are another data set's; refuses files that are neither this one's nor
     * another's.
     */
    private boolean areRight(KnownDataset dataset, Map<String, Path> places) {
        for (KnownFile file : dataset.files()) {
            Path place = places.get(file.name());
            if (DatasetFolder.wrongSum(file, place).isPresent()) {
                if (isAnother(dataset, places)) {
                    return false;
                }
                DatasetFolder.requireSum(dataset, file, place);
            }
        }
        return true;
    }

    private Set<Path> folders(KnownDataset dataset, Path dataDir) {
        List<Path> places = new ArrayList<>();
        if (dataDir != null) {
            places.add(dataDir);
        }
        Path dl4j = home.resolve(".deeplearning4j");
        places.addAll(
                List.of(
                        dataDirOf(home),
                        dl4j,
                        dl4j.resolve("data"),
                        root.resolve("usr/share/datasets")));
        Set<Path> folders = new LinkedHashSet<>();
        for (Path place : places) {
            folders.add(place);
            folders.add(place.resolve(dataset.name()));
            folders.add(place.resolve(dataset.name().toUpperCase(Locale.ROOT)));
        }
        if (dataset.name().equals(KnownDataset.CIFAR10.name())) {
            // What the published archive unpacks to.
            List.copyOf(folders).forEach(f -> folders.add(f.resolve("cifar-10-batches-bin")));
        }
        return folders;
    }

    /** Whether these are the files of another known data set, which uses the same names. */
    private boolean isAnother(KnownDataset dataset, Map<String, Path> places) {
        return known.stream()
                .filter(other -> !other.equals(dataset))
                .flatMap(other -> other.files().stream())
                .filter(file -> file.sha256().isPresent() && places.containsKey(file.name()))
                .anyMatch(file -> DatasetFolder.wrongSum(file, places.get(file.name())).isEmpty());
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new DataException("%s: no name of a file".formatted(name), e);
        }
    }

    private static TrainTest images(Path folder) {
        Path train = folder.resolve("train");
        Path test = folder.resolve("test");
        if (!Files.isDirectory(train) || !Files.isDirectory(test)) {
            return split(ImageFolderReader.read(folder), folder, "images");
        }
        LabeledExamples toTrain = ImageFolderReader.read(train);
        LabeledExamples toTest = ImageFolderReader.read(test);
        try {
            return new TrainTest(toTrain, toTest);
        } catch (IllegalArgumentException e) {
            throw new DataException("%s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    private static TrainTest split(LabeledExamples all, Path source, String what) {
        if (all.size() < LEAST_EXAMPLES) {
            throw new DataException(
                    "%s: expected at least %d %s to keep a fifth for testing, found %d"
                            .formatted(source, LEAST_EXAMPLES, what, all.size()));
        }
        LabeledExamples.Split split = all.split(TEST_FRACTION, SPLIT_SEED);
        return new TrainTest(split.rest(), split.part());
    }

    private static TrainTest sample() {
        List<String> files = KnownDataset.IDX_FILES;
        return new TrainTest(
                sample(files.get(0), files.get(1)), sample(files.get(2), files.get(3)));
    }

    private static LabeledExamples sample(String images, String labels) {
        return IdxReader.read(
                images,
                () -> Unpacked.of(resource(images)),
                labels,
                () -> Unpacked.of(resource(labels)),
                KnownDataset.DIGITS);
    }

    private static InputStream resource(String file) {
        String path = SAMPLE + "/" + file + ".gz";
        InputStream stream = DatasetCatalog.class.getResourceAsStream(path);
        if (stream == null) {
            throw new DataException("%s: not in the library's archive".formatted(path));
        }
        return stream;
    }
}
