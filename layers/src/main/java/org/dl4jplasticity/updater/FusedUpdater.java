package org.dl4jplasticity.updater;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.layers.runtime.SharedActivations;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An updater of DL4J that divides the gradient by the minibatch's size, adds regularization and
 * applies the learning rule in one pass on all cores. In a sparse network, whose arithmetic is
 * little, DL4J's own updater takes up to half of a training step.
 *
 * <p>The update, the optimizer state and their layout are those of DL4J, up to rounding. It knows
 * {@code Sgd}, {@code Nesterovs}, {@code Adam} and {@code NoOp} with L1, L2 and weight decay, in
 * single or double precision on a CPU; whatever else a network asks for (another rule, gradient
 * normalization, gradients of another network) goes DL4J's way for that step.
 *
 * <p>Saving, loading and cloning a network know nothing of it: a network read from a file has
 * DL4J's own updater until it is {@link #install installed} again. So has one whose learning rate
 * was changed by DL4J's {@code setLearningRate}.
 */
public final class FusedUpdater {
    private FusedUpdater() {}

    /**
     * Makes a network update its parameters in one pass, from its next step on, and {@link
     * SharedActivations share} activations between its sparse layers. Optimizer state is kept. A
     * network that does so already is left alone.
     *
     * @param network an initialized {@link MultiLayerNetwork} or {@link ComputationGraph}
     * @throws IllegalArgumentException for any other model
     */
    public static void install(Model network) {
        if (isInstalled(network)) {
            return;
        }
        if (network instanceof MultiLayerNetwork sequential) {
            sequential.setUpdater(
                    new Sequential(sequential, sequential.getUpdater().getStateViewArray()));
        } else if (network instanceof ComputationGraph graph) {
            graph.setUpdater(new Graph(graph, graph.getUpdater().getStateViewArray()));
        } else {
            throw new IllegalArgumentException(
                    "expected a MultiLayerNetwork or a ComputationGraph to update, got "
                            + network.getClass().getName());
        }
        SharedActivations.link(network);
    }

    /**
     * {@return whether a network updates its parameters in one pass}
     *
     * @param network any model
     */
    public static boolean isInstalled(Model network) {
        if (network instanceof MultiLayerNetwork sequential) {
            return sequential.getUpdater(false) instanceof Sequential;
        }
        return network instanceof ComputationGraph graph
                && graph.getUpdater(false) instanceof Graph;
    }

    /**
     * Leaves out the step that a network is about to make with the gradient of the minibatch under
     * way, weight decay and all: its parameters and optimizer state stay what they are. To be
     * called between the backward pass and the update, as from {@code onGradientCalculation}.
     *
     * @param network any model
     * @return whether the step is left out; if not, the network has another updater
     */
    public static boolean skipStep(Model network) {
        if (!isInstalled(network)) {
            return false;
        }
        if (network instanceof MultiLayerNetwork sequential) {
            ((Sequential) sequential.getUpdater(false)).pass().skipNext();
        } else {
            ((Graph) ((ComputationGraph) network).getUpdater(false)).pass().skipNext();
        }
        return true;
    }

    private static final class Sequential extends MultiLayerUpdater {
        private static final long serialVersionUID = 1;

        private transient UpdatePass pass;

        Sequential(MultiLayerNetwork network, INDArray state) {
            super(network, state);
        }

        @Override
        public synchronized void update(
                Gradient gradient,
                int iteration,
                int epoch,
                int batchSize,
                LayerWorkspaceMgr workspaceMgr) {
            if (!pass().run(gradient, iteration, epoch, isMiniBatch() ? batchSize : 1)) {
                super.update(gradient, iteration, epoch, batchSize, workspaceMgr);
            }
        }

        private synchronized UpdatePass pass() {
            if (pass == null) {
                pass = new UpdatePass(this);
            }
            return pass;
        }
    }

    private static final class Graph extends ComputationGraphUpdater {
        private static final long serialVersionUID = 1;

        private transient UpdatePass pass;

        Graph(ComputationGraph network, INDArray state) {
            super(network, state);
        }

        @Override
        public synchronized void update(
                Gradient gradient,
                int iteration,
                int epoch,
                int batchSize,
                LayerWorkspaceMgr workspaceMgr) {
            if (!pass().run(gradient, iteration, epoch, isMiniBatch() ? batchSize : 1)) {
                super.update(gradient, iteration, epoch, batchSize, workspaceMgr);
            }
        }

        private synchronized UpdatePass pass() {
            if (pass == null) {
                pass = new UpdatePass(this);
            }
            return pass;
        }
    }
}
