package org.dl4jplasticity.relevance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jplasticity.relevance.NetworkPlan.Place;
import org.dl4jplasticity.relevance.Node.Forward;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs examples forward and relevance back, some examples at a time. */
final class Propagation {
    /** About how many values are held at a time: 64 MB, and some times that in passing. */
    private static final long VALUES = 1L << 23;

    private static final int MOST_EXAMPLES = 256;

    private final NetworkPlan plan;
    private final List<Node> nodes;
    private final List<Tally> tallies = new ArrayList<>();

    Propagation(NetworkPlan plan, RelevanceComposite composite, boolean weightsWanted) {
        this.plan = plan;
        this.nodes = plan.nodes(composite);
        for (Place place : plan.places()) {
            tallies.add(new Tally(weightsWanted && place.step() instanceof Step.Weighted));
        }
    }

    /** Takes what reached a place. */
    interface Receiver {
        /**
         * Takes the relevance of some examples.
         *
         * @param place the place
         * @param first the number of the first example
         * @param relevance the relevance of its outputs
         */
        void receive(int place, long first, Values relevance);
    }

    Tally tally(int place) {
        return tallies.get(place);
    }

    /**
     * {@return the shape of every place's output for one example}
     *
     * @throws IllegalArgumentException if the features don't fit the network
     */
    List<int[]> shapes(INDArray... features) {
        if (features.length != plan.inputs()) {
            throw new IllegalArgumentException(
                    "expected features for the network's %d inputs, got %d"
                            .formatted(plan.inputs(), features.length));
        }
        List<int[]> shapes = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (i < plan.inputs()) {
                shapes.add(exampleShape(features[i], features[0].size(0)));
            } else {
                shapes.add(shape(i, shapes));
            }
        }
        return shapes;
    }

    private static int[] exampleShape(INDArray features, long examples) {
        boolean known = features.rank() == 2 || features.rank() == 4;
        if (!known || features.size(0) != examples || examples < 1) {
            throw new IllegalArgumentException(
                    "expected features [examples, inputs] or [examples, channels, height, width]"
                            + " with at least one example, the same number for all inputs, got "
                            + Arrays.toString(features.shape()));
        }
        int[] shape = new int[features.rank() - 1];
        Arrays.setAll(shape, i -> Math.toIntExact(features.size(i + 1)));
        return shape;
    }

    private int[] shape(int place, List<int[]> shapes) {
        try {
            return nodes.get(place).outputShape(inputsOf(place, shapes));
        } catch (IllegalArgumentException e) {
            String id = plan.places().get(place).id();
            throw new IllegalArgumentException(
                    "%s: %s".formatted(id == null ? "preprocessor" : "Layer " + id, e.getMessage()),
                    e);
        }
    }

    private <T> List<T> inputsOf(int place, List<T> all) {
        return Arrays.stream(plan.places().get(place).inputs()).mapToObj(all::get).toList();
    }

    /**
     * Explains examples.
     *
     * @param start the relevance of the logits
     * @param receiver takes what reaches each place
     * @param features the features of each input of the network
     * @throws IllegalArgumentException if features or start don't fit the network
     */
    void run(RelevanceStart start, Receiver receiver, INDArray... features) {
        List<int[]> shapes = shapes(features);
        long examples = features[0].size(0);
        Starts.check(start, examples, shapes.get(plan.output()));
        int step = examplesAtATime(shapes);
        for (long first = 0; first < examples; first += step) {
            long end = Math.min(first + step, examples);
            List<Forward> forward = forward(features, first, end);
            backward(start, forward, first, receiver);
        }
    }

    private int examplesAtATime(List<int[]> shapes) {
        long held = 0;
        long working = 0;
        for (int i = 0; i < nodes.size(); i++) {
            held += 2L * Values.size(shapes.get(i));
            if (i >= plan.inputs()) {
                working = Math.max(working, nodes.get(i).workspace(inputsOf(i, shapes)));
            }
        }
        return (int) Math.max(1, Math.min(MOST_EXAMPLES, VALUES / (held + working)));
    }

    private List<Forward> forward(INDArray[] features, long first, long end) {
        List<Forward> forward = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            forward.add(
                    i < plan.inputs()
                            ? Forward.plain(Values.of(features[i], first, end))
                            : nodes.get(i).forward(inputs(i, forward)));
        }
        return forward;
    }

    private List<Values> inputs(int place, List<Forward> forward) {
        return inputsOf(place, forward).stream().map(Forward::output).toList();
    }

    private void backward(
            RelevanceStart start, List<Forward> forward, long first, Receiver receiver) {
        double[][] relevance = new double[nodes.size()][];
        Values logits = forward.get(plan.output()).sums();
        relevance[plan.output()] = Starts.relevance(start, logits, first);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Values output = forward.get(i).output();
            if (relevance[i] == null) { // nothing that leads to the logits
                relevance[i] = new double[output.data().length];
            }
            receiver.receive(i, first, new Values(output.examples(), output.shape(), relevance[i]));
            if (i >= plan.inputs()) {
                tallies.get(i).addReceived(Arrays.stream(relevance[i]).sum());
                List<double[]> received =
                        nodes.get(i)
                                .backward(
                                        inputs(i, forward),
                                        forward.get(i),
                                        relevance[i],
                                        tallies.get(i));
                add(plan.places().get(i).inputs(), received, relevance);
            }
            relevance[i] = null;
        }
    }

    private static void add(int[] inputs, List<double[]> received, double[][] relevance) {
        for (int k = 0; k < inputs.length; k++) {
            double[] sum = relevance[inputs[k]];
            double[] more = received.get(k);
            if (sum == null) {
                relevance[inputs[k]] = more.clone();
            } else {
                Arrays.setAll(sum, i -> sum[i] + more[i]);
            }
        }
    }
}
