package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jplasticity.surgery.NetworkOutline;
import org.dl4jplasticity.surgery.NetworkOutline.Part;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Replaces a whole block of a convolutional network by one convolution that translates what goes
 * into the block to the shape of what came out of it. All is to be trained afterwards.
 *
 * <pre>{@code
 * MultiLayerNetwork shallower =
 *         TranslatorConvolution.from("2").to("8").seed(1).applyTo(network);
 * ComputationGraph withoutBlock =
 *         TranslatorConvolution.from("relu1").to("relu4").kernel(3).applyTo(graph);
 * }</pre>
 *
 * <p>Camacho (2022): the user names two points and everything between them goes. What the origin
 * puts out is pooled if its images are larger than those of the destination, and a convolution of 1
 * x 1 or 3 x 3 gives them the destination's channels. Windows of the pooling are the smallest of
 * equal size and distance that cover the images: for h x w of H x W a stride of s = H / h, rounded
 * down, and H - (h - 1) s pixels.
 *
 * <p>The origin stays, the destination is the last that goes; in a ComputationGraph all paths that
 * lead from the one to the other go, none of which may be entered or left elsewhere. Images are
 * expected channels first. The convolution has the updater, regularization and weight
 * initialization of the last convolution of the block (if it has none, of the network), and of
 * those alone. The answer is a new network, carried as {@link LayerRemoval} has it; the given one
 * stays as it is.
 */
public final class TranslatorConvolution {
    private static final int IMAGES = 4;

    private final String origin;
    private final String destination;
    private final int kernel;
    private final PoolingType pooling;
    private final Activation activation;
    private final long seed;
    private final List<InputType> inputs;

    private TranslatorConvolution(
            String origin,
            String destination,
            int kernel,
            PoolingType pooling,
            Activation activation,
            long seed,
            List<InputType> inputs) {
        this.origin = origin;
        this.destination = destination;
        this.kernel = kernel;
        this.pooling = pooling;
        this.activation = activation;
        this.seed = seed;
        this.inputs = inputs;
    }

    /** Where a translator begins. */
    public static final class Origin {
        private final String origin;

        private Origin(String origin) {
            this.origin = origin;
        }

        /**
         * {@return a translator of 1 x 1 with ReLU, behind max pooling where that is needed}
         *
         * @param destination the last layer or vertex that goes, by index or name
         */
        public TranslatorConvolution to(String destination) {
            return new TranslatorConvolution(
                    origin, destination, 1, PoolingType.MAX, Activation.RELU, 0, List.of());
        }
    }

    /**
     * {@return a translator's beginning}
     *
     * @param origin the layer or vertex before the block, by index or name; or the network's input,
     *     by its name in a ComputationGraph, {@code input} in a MultiLayerNetwork
     */
    public static Origin from(String origin) {
        return new Origin(origin);
    }

    /**
     * {@return the same translator with another kernel} Unless it is called, 1 x 1.
     *
     * @param size 1 or 3, for 1 x 1 or 3 x 3
     * @throws IllegalArgumentException if it is anything else
     */
    public TranslatorConvolution kernel(int size) {
        if (size != 1 && size != 3) {
            throw new IllegalArgumentException(
                    "the kernel of a translator must be 1 or 3 high and wide, got " + size);
        }
        return new TranslatorConvolution(
                origin, destination, size, pooling, activation, seed, inputs);
    }

    /** {@return the same translator that takes means where it pools} Otherwise it takes maxima. */
    public TranslatorConvolution averaging() {
        return new TranslatorConvolution(
                origin, destination, kernel, PoolingType.AVG, activation, seed, inputs);
    }

    /**
     * {@return the same translator with another activation function} Unless it is called, ReLU.
     *
     * @param function of what the convolution gives
     */
    public TranslatorConvolution activation(Activation function) {
        return new TranslatorConvolution(
                origin, destination, kernel, pooling, function, seed, inputs);
    }

    /**
     * {@return the same translator with another seed of its kernel} Unless it is called, 0.
     *
     * @param number any
     */
    public TranslatorConvolution seed(long number) {
        return new TranslatorConvolution(
                origin, destination, kernel, pooling, activation, number, inputs);
    }

    /**
     * {@return the same translator that knows the types of the network's inputs} Needed where they
     * can't be told from the first layers: images that aren't given as rows.
     *
     * @param types one for each input, such as {@code InputType.convolutional(32, 32, 3)}
     */
    public TranslatorConvolution inputs(InputType... types) {
        return new TranslatorConvolution(
                origin, destination, kernel, pooling, activation, seed, List.of(types));
    }

    /**
     * {@return a network of the same class with the translator in place of the block}
     *
     * @param network an initialized MultiLayerNetwork or ComputationGraph
     * @param <N> the network's class
     * @throws IllegalArgumentException if the destination doesn't come after the origin, paths
     *     enter or leave the block elsewhere, one of the two puts out no images channels first, the
     *     destination's are larger, or the size of the network's inputs isn't known
     */
    @SuppressWarnings("unchecked") // the new network is of the class of the given one
    public <N extends Model> N applyTo(N network) {
        NetworkOutline outline = NetworkOutline.of(network);
        List<String> block = block().parts(outline);
        long[][] shapes = shapes(network);
        int[] in = image(origin, shapes[0]);
        int[] out = image(destination, shapes[1]);
        NeuralNetConfiguration settings = settings(outline, block);
        String before = block.get(0);
        String name = origin + "-to-" + destination;
        String from = origin;
        boolean named = network instanceof ComputationGraph;
        if (in[1] != out[1] || in[2] != out[2]) {
            String pool = name + "-pooling";
            NeuralNetConfiguration conf = settings.clone();
            conf.setLayer(pooling(in, out));
            conf.getLayer().setLayerName(named ? pool : null);
            outline.insert(before, pool, from, conf);
            from = pool;
        }
        NeuralNetConfiguration conf = settings.clone();
        conf.setLayer(convolution((ConvolutionLayer) settings.getLayer(), in[0], out[0]));
        conf.getLayer().setLayerName(named ? name : null);
        outline.insert(before, name, from, conf);
        outline.reconnect(destination, name);
        for (int i = block.size() - 1; i >= 0; i--) {
            outline.remove(block.get(i));
        }
        return (N) outline.build(seed);
    }

    private BlockOfLayers block() {
        return new BlockOfLayers(origin, destination);
    }

    /** {@return the shapes of what the origin and the destination put out for one example} */
    private long[][] shapes(Model network) {
        INDArray[] ones = InputShapes.ones(InputShapes.of(network, inputs));
        long[][] shapes = new long[2][];
        Inference.run(
                network,
                new MultiDataSet(ones, null),
                outputs -> {
                    shapes[0] =
                            outputs.containsKey(origin)
                                    ? outputs.get(origin).shape()
                                    : inputShape(network, ones);
                    shapes[1] = outputs.get(destination).shape();
                });
        return shapes;
    }

    private long[] inputShape(Model network, INDArray[] ones) {
        int input =
                network instanceof ComputationGraph graph
                        ? graph.getConfiguration().getNetworkInputs().indexOf(origin)
                        : 0;
        return ones[input].shape();
    }

    /** {@return channels, height and width} */
    private int[] image(String id, long[] shape) {
        if (shape.length != IMAGES) {
            throw block().refusal(
                            "expected images [examples, channels, height, width] of '%s', got the shape %s"
                                    .formatted(id, Arrays.toString(shape)));
        }
        return new int[] {(int) shape[1], (int) shape[2], (int) shape[3]};
    }

    /** {@return the configuration of the convolution whose settings the translator takes} */
    private NeuralNetConfiguration settings(NetworkOutline outline, List<String> block) {
        NeuralNetConfiguration ofBlock = null;
        NeuralNetConfiguration ofNetwork = null;
        for (Map.Entry<String, Part> entry : outline.parts().entrySet()) {
            NeuralNetConfiguration conf = entry.getValue().node().conf();
            boolean known =
                    conf != null
                            && (conf.getLayer().getClass() == ConvolutionLayer.class
                                    || conf.getLayer().getClass() == Convolution2D.class);
            if (known) {
                ofNetwork = conf;
                ofBlock = block.contains(entry.getKey()) ? conf : ofBlock;
            }
        }
        if (ofNetwork == null) {
            throw block().refusal(
                            "expected a convolution in the network to take the training settings of, got none");
        }
        NeuralNetConfiguration found = ofBlock == null ? ofNetwork : ofBlock;
        if (((ConvolutionLayer) found.getLayer()).getCnn2dDataFormat() != CNN2DFormat.NCHW) {
            throw block().refusal("expected images with channels first (NCHW), got NHWC");
        }
        return NeuralNetConfiguration.fromJson(found.toJson());
    }

    private SubsamplingLayer pooling(int[] in, int[] out) {
        int[] stride = new int[2];
        int[] window = new int[2];
        for (int axis = 0; axis < 2; axis++) {
            int from = in[axis + 1];
            int to = out[axis + 1];
            if (from < to) {
                throw block().refusal(
                                "expected images of the destination that are no larger than those of the origin, got %d x %d of %d x %d"
                                        .formatted(out[1], out[2], in[1], in[2]));
            }
            stride[axis] = from / to;
            window[axis] = from - (to - 1) * stride[axis];
        }
        return new SubsamplingLayer.Builder(pooling)
                .kernelSize(window)
                .stride(stride)
                .convolutionMode(ConvolutionMode.Truncate)
                .build();
    }

    private ConvolutionLayer convolution(ConvolutionLayer settings, int channels, int outputs) {
        ConvolutionLayer layer = settings.clone();
        layer.setNIn(channels);
        layer.setNOut(outputs);
        layer.setHasBias(true);
        layer.setKernelSize(new int[] {kernel, kernel});
        layer.setStride(new int[] {1, 1});
        layer.setPadding(new int[] {0, 0});
        layer.setDilation(new int[] {1, 1});
        layer.setConvolutionMode(ConvolutionMode.Same);
        layer.setActivationFn(activation.getActivationFunction());
        layer.setConstraints(null); // masks are of other weights
        layer.setIDropout(null);
        layer.setWeightNoise(null);
        return layer;
    }
}
