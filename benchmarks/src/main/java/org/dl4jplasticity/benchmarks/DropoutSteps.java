package org.dl4jplasticity.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.dropout.ControlledDenseLayer;
import org.dl4jplasticity.dropout.ControlledDropout;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Times a training step with DL4J's dropout against one with controlled dropout, in turn in one
 * process: all of DL4J's {@code fit}, with momentum.
 */
public final class DropoutSteps {
    private static final int TURN = 5;
    private static final double KEEP = 0.5;

    private DropoutSteps() {}

    /**
     * How long a step took.
     *
     * @param contestant which dropout
     * @param medianMs median, milliseconds
     * @param minMs the shortest, milliseconds
     */
    record Measured(String contestant, double medianMs, double minMs) {}

    /**
     * Measures 784-2000-2000-10 and prints.
     *
     * @param args the number of timed steps of each contestant, or nothing for 100
     */
    public static void main(String[] args) {
        int steps = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        List<Measured> all = measure(new int[] {784, 2000, 2000, 10}, 128, steps);
        for (Measured one : all) {
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %6.1f ms (%.1f)   %.2f times as fast as dropout (%.2f)%n",
                    one.contestant(),
                    one.medianMs(),
                    one.minMs(),
                    all.get(0).medianMs() / one.medianMs(),
                    all.get(0).minMs() / one.minMs());
        }
        System.exit(0); // ND4J's threads live on
    }

    /** {@return what "dropout", "controlled" and, for comparison, "none" take} */
    static List<Measured> measure(int[] widths, int batch, int steps) {
        Map<String, MultiLayerNetwork> networks = new LinkedHashMap<>();
        networks.put("dropout", dense(widths, KEEP));
        networks.put("controlled", controlled(widths));
        networks.put("none", dense(widths, 1));
        DataSet minibatch = minibatch(widths, batch);
        Map<String, double[]> times = new LinkedHashMap<>();
        networks.forEach(
                (name, network) -> {
                    times.put(name, new double[steps]);
                    for (int i = 0; i < 2 * TURN; i++) {
                        network.fit(minibatch);
                    }
                });
        for (int first = 0; first < steps; first += TURN) {
            for (Map.Entry<String, MultiLayerNetwork> contestant : networks.entrySet()) {
                for (int step = first; step < Math.min(first + TURN, steps); step++) {
                    long begin = System.nanoTime();
                    contestant.getValue().fit(minibatch);
                    times.get(contestant.getKey())[step] = (System.nanoTime() - begin) / 1e6;
                }
            }
        }
        List<Measured> all = new ArrayList<>();
        times.forEach(
                (name, sample) -> {
                    Arrays.sort(sample);
                    all.add(new Measured(name, sample[sample.length / 2], sample[0]));
                });
        return all;
    }

    private static NeuralNetConfiguration.ListBuilder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Nesterovs(0.01, 0.9))
                .activation(Activation.RELU)
                .list();
    }

    private static MultiLayerNetwork dense(int[] widths, double keep) {
        NeuralNetConfiguration.ListBuilder list = builder();
        int last = widths.length - 2;
        for (int i = 0; i < last; i++) {
            DenseLayer.Builder layer = new DenseLayer.Builder().nIn(widths[i]).nOut(widths[i + 1]);
            list.layer((i > 0 && keep < 1 ? layer.dropOut(keep) : layer).build());
        }
        OutputLayer.Builder output = output(widths);
        return initialized(list.layer((keep < 1 ? output.dropOut(keep) : output).build()));
    }

    private static MultiLayerNetwork controlled(int[] widths) {
        NeuralNetConfiguration.ListBuilder list = builder();
        ControlledDropout before = null;
        for (int i = 0; i < widths.length - 2; i++) {
            ControlledDropout dropped = new ControlledDropout(KEEP, i);
            ControlledDenseLayer.Builder layer =
                    new ControlledDenseLayer.Builder()
                            .nIn(widths[i])
                            .nOut(widths[i + 1])
                            .dropUnits(dropped);
            list.layer((before == null ? layer : layer.droppedInputs(before)).build());
            before = dropped;
        }
        return initialized(list.layer(output(widths).build()));
    }

    private static OutputLayer.Builder output(int[] widths) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(widths[widths.length - 2])
                .nOut(widths[widths.length - 1])
                .activation(Activation.SOFTMAX);
    }

    private static MultiLayerNetwork initialized(NeuralNetConfiguration.ListBuilder list) {
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private static DataSet minibatch(int[] widths, int batch) {
        SplittableRandom random = new SplittableRandom(1);
        int classes = widths[widths.length - 1];
        float[][] features = new float[batch][widths[0]];
        float[][] labels = new float[batch][classes];
        for (int example = 0; example < batch; example++) {
            for (int i = 0; i < widths[0]; i++) {
                features[example][i] = (float) random.nextDouble();
            }
            labels[example][example % classes] = 1;
        }
        return new DataSet(Nd4j.createFromArray(features), Nd4j.createFromArray(labels));
    }
}
