package org.dl4jplasticity.experiments.bench;

import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution with ReLU by itself: forward, then backward to all its gradients. Nothing is
 * learned.
 *
 * @param nIn input channels
 * @param nOut output channels
 * @param kernelRows of the kernel
 * @param kernelColumns of the kernel
 * @param stride in both dimensions
 * @param rows of the images, which are padded as in Same mode
 * @param columns of the images
 * @param batch images in the minibatch
 */
record ConvolutionWorkload(
        int nIn,
        int nOut,
        int kernelRows,
        int kernelColumns,
        int stride,
        int rows,
        int columns,
        int batch)
        implements Workload {
    private static final Pattern TEXT =
            Pattern.compile(
                    "(?<in>\\d+)-(?<out>\\d+):(?<kr>\\d+)x(?<kc>\\d+)(/(?<stride>\\d+))?"
                            + ":(?<rows>\\d+)x(?<columns>\\d+)");

    /**
     * {@return the convolution of a text}
     *
     * @param text {@code IN-OUT:KERNEL/STRIDE:IMAGE}, as {@code 64-64:3x3:16x16}, the stride 1
     *     unless given
     * @throws IllegalArgumentException if it isn't one
     */
    static ConvolutionWorkload parse(String text, int batch) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    ("--convolution must be IN-OUT:KERNEL:IMAGE, as in 64-64:3x3:16x16 or"
                                    + " 3-64:5x5/2:32x32, got '%s'")
                            .formatted(text));
        }
        return new ConvolutionWorkload(
                number(matcher, "in"),
                number(matcher, "out"),
                number(matcher, "kr"),
                number(matcher, "kc"),
                matcher.group("stride") == null ? 1 : number(matcher, "stride"),
                number(matcher, "rows"),
                number(matcher, "columns"),
                batch);
    }

    private static int number(Matcher matcher, String group) {
        String digits = matcher.group(group);
        if (digits.length() > 6 || Integer.parseInt(digits) < 1) {
            throw new IllegalArgumentException(
                    "--convolution: sizes must be in [1, 999999], got %s".formatted(digits));
        }
        return Integer.parseInt(digits);
    }

    @Override
    public String title() {
        return "convolution of %d to %d channels, %dx%d, stride %d, %dx%d images"
                .formatted(nIn, nOut, kernelRows, kernelColumns, stride, rows, columns);
    }

    @Override
    public Contestant dense() {
        return new LayerContestant(settings(new ConvolutionLayer.Builder()).build());
    }

    @Override
    public Contestant packed(double density) {
        return new LayerContestant(
                settings(new SparseConvolutionLayer.Builder()).sparsity(1 - density).build());
    }

    private <B extends ConvolutionLayer.BaseConvBuilder<B>> B settings(B builder) {
        return builder.kernelSize(kernelRows, kernelColumns)
                .stride(stride, stride)
                .convolutionMode(ConvolutionMode.Same)
                .nIn(nIn)
                .nOut(nOut)
                .activation(Activation.RELU);
    }

    /** The layer with its input and the gradient at its output, in a workspace as in training. */
    private final class LayerContestant implements Contestant {
        private static final String WORKSPACE = "convolution";

        private final WorkspaceConfiguration configuration =
                WorkspaceConfiguration.builder().policyLearning(LearningPolicy.FIRST_LOOP).build();

        private final LayerWorkspaceMgr workspaces =
                LayerWorkspaceMgr.builder().defaultWorkspace(WORKSPACE, configuration).build();

        private final Layer layer;
        private final INDArray input;
        private final INDArray gradient;

        LayerContestant(org.deeplearning4j.nn.conf.layers.Layer convolution) {
            MultiLayerNetwork network =
                    new MultiLayerNetwork(
                            new NeuralNetConfiguration.Builder()
                                    .seed(1)
                                    .list()
                                    .layer(convolution)
                                    .layer(new CnnLossLayer.Builder().build())
                                    .build());
            network.init();
            network.initGradientsView();
            layer = network.getLayer(0);
            input = noise(nIn, rows, columns);
            gradient = noise(nOut, (rows + stride - 1) / stride, (columns + stride - 1) / stride);
        }

        private INDArray noise(int channels, int height, int width) {
            SplittableRandom random = new SplittableRandom(1);
            float[] values = new float[batch * channels * height * width];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-1, 1);
            }
            return Nd4j.create(values, new long[] {batch, channels, height, width}, 'c');
        }

        @Override
        public void train() {
            try (MemoryWorkspace workspace = enter()) {
                layer.setInput(input, workspaces);
                layer.activate(true, workspaces);
                layer.backpropGradient(gradient, workspaces);
                layer.clear();
            }
        }

        @Override
        public void infer() {
            try (MemoryWorkspace workspace = enter()) {
                layer.setInput(input, workspaces);
                layer.activate(false, workspaces);
                layer.clear();
            }
        }

        private MemoryWorkspace enter() {
            return Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, WORKSPACE);
        }
    }
}
