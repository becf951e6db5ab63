package org.dl4jplasticity.pruning;

import java.util.List;
import java.util.NoSuchElementException;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of a network at one moment, which {@link LotteryTicket} goes back to: before
 * training, or after its first iterations (Frankle, Dziugaite, Roy and Carbin 2019,
 * arXiv:1903.01611). Weights, biases and running statistics, no optimizer state: a copy, which
 * training doesn't change.
 */
public final class RewindPoint {
    private final List<Vector> vectors;

    /** A parameter's values in the order of the flat vector. */
    private record Vector(String id, INDArray values) {}

    private RewindPoint(List<Vector> vectors) {
        this.vectors = vectors;
    }

    /**
     * {@return the parameters of a network as they are now}
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     */
    public static RewindPoint of(Model network) {
        return new RewindPoint(
                PlasticNetwork.of(network).table().stream()
                        .map(each -> new Vector(each.id(), each.values().dup()))
                        .toList());
    }

    /**
     * Refuses a network of other parameters than those that are kept here.
     *
     * @throws IllegalArgumentException if names or lengths differ
     */
    void requireFit(Model network) {
        List<String> here =
                vectors.stream().map(it -> it.id() + " " + it.values().length()).toList();
        List<String> there =
                PlasticNetwork.of(network).table().stream()
                        .map(it -> it.id() + " " + it.length())
                        .toList();
        if (!here.equals(there)) {
            throw new IllegalArgumentException(
                    "the point to rewind to is of another network: expected parameters %s, got %s"
                            .formatted(here, there));
        }
    }

    /** Gives a network that fits every parameter the value it had, bit for bit. */
    void restore(Model network) {
        for (NetworkParameter parameter : PlasticNetwork.of(network).table()) {
            parameter.values().assign(values(parameter.id()));
        }
    }

    /** {@return the values of a parameter, not a copy} */
    INDArray values(String id) {
        return vectors.stream()
                .filter(it -> it.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(id))
                .values();
    }
}
