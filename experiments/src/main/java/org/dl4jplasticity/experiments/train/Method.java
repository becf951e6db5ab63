package org.dl4jplasticity.experiments.train;

import java.util.Locale;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.schedule.SparsitySchedule;
import org.dl4jplasticity.sparse.ConnectionBudget;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.sparse.GrowCriterion;
import org.dl4jplasticity.sparse.SoftThreshold;
import org.dl4jplasticity.sparse.SparseTraining;
import org.dl4jplasticity.sparse.SparseTrainingBuilder;
import org.dl4jplasticity.sparse.TopKast;

/** The training methods that can be asked for by name. */
public enum Method {
    /** DL4J's own layers: the baseline. */
    DENSE,
    /** Sparse layers whose connections stay as they were drawn. */
    STATIC,
    /** Sparse evolutionary training. */
    SET,
    /** The rigged lottery. */
    RIGL,
    /** RigL that grows the largest gradients of a guided sample, for layers of any width. */
    RIGL_GUIDED,
    /** SET in the regime of in-time over-parameterization. */
    SET_ITOP,
    /** RigL in the regime of in-time over-parameterization. */
    RIGL_ITOP,
    /** Sparse momentum, from scratch with redistribution between layers. */
    SNFS,
    /** Elastic mutation by magnitude plus gradient. */
    MEST,
    /** Elastic mutation with a soft memory bound. */
    MEST_SOFT,
    /** Gradual magnitude pruning. */
    GMP,
    /** Gradual pruning with neuroregeneration. */
    GRANET,
    /** The density schedule of NDSNN. */
    NDSNN,
    /** Alternating compressed and dense phases. */
    ACDC,
    /** RigL with a constant fan-in. */
    SRIGL,
    /** Connections chosen before training by their saliency. */
    SNIP,
    /** Connections chosen before training by the flow of gradients. */
    GRASP,
    /** Connections chosen before training without data. */
    SYNFLOW,
    /** The top D of the latent weights compute, the top D + M are trained. */
    TOP_KAST,
    /** A soft threshold per layer is learned. */
    STR;

    /**
     * Iterations between updates of methods that count iterations, in runs that are long enough.
     */
    private static final int UPDATE_EVERY = 100;

    /** Updates that a short run shall have at least. */
    private static final int LEAST_UPDATES = 30;

    /** Updates that a short run of the ITOP regime shall have at least. */
    private static final int LEAST_MATURE = 20;

    /** Connections drawn per active one where growth looks at a sample (Heddes et al. 2024). */
    private static final double SAMPLES = 1;

    /**
     * Possible connections of a layer up to which growth by gradient may look at all of them: at
     * worst a minute or two of arithmetic an update.
     */
    static final long MOST_LOOKED_AT = 1L << 34;

    /** The part of a run after which RigL rewires no more (Evci et al. 2020, sec. 4). */
    private static final double LAST_UPDATE = 0.75;

    /** Where methods that prune while they grow start from (GraNet; Liu et al. 2021, sec. 5). */
    private static final double FIRST_SPARSITY = 0.5;

    /** STR's threshold begins at sigmoid(-8), below most weights, and aims at sigmoid(-2.5). */
    private static final double FIRST_S = -8;

    private static final double LAST_S = -2.5;

    /** The mean of the learning rate over a run, as a share of the first: it falls as 1 - t^2. */
    private static final double MEAN_RATE = 2 / 3.0;

    public boolean isSparse() {
        return this != DENSE;
    }

    /** {@return whether the method needs all weights to exist} */
    boolean needsMasks() {
        return this == SNFS || isLatent();
    }

    /** {@return whether other numbers are trained than the network computes with} */
    boolean isLatent() {
        return this == TOP_KAST || this == STR;
    }

    /** {@return whether connections are drawn at random to begin with} */
    public boolean drawsTopologies() {
        return switch (this) {
            case DENSE, SNIP, GRASP, SYNFLOW, TOP_KAST, STR -> false;
            default -> true;
        };
    }

    /** {@return whether every update looks at the gradient of every possible connection} */
    private boolean looksAtAll() {
        return switch (this) {
            case RIGL, RIGL_ITOP, SRIGL, GRANET, NDSNN -> true;
            default -> false;
        };
    }

    /**
     * Refuses a network that updates would take too long for.
     *
     * @throws IllegalArgumentException if a layer has more than {@link #MOST_LOOKED_AT} possible
     *     connections and the method looks at all of them
     */
    public void requireAffordable(Network network) {
        if (looksAtAll()) {
            for (Network.LayerWeights layer : network.weights()) {
                if (layer.totalWeights() > MOST_LOOKED_AT) {
                    throw new IllegalArgumentException(
                            ("--method %s looks at the gradient of every possible connection, at"
                                            + " most %d in one layer, and %s has %d; use --method"
                                            + " rigl-guided, which looks at a sample")
                                    .formatted(
                                            this,
                                            MOST_LOOKED_AT,
                                            layer.name(),
                                            layer.totalWeights()));
                }
            }
        }
    }

    /** {@return the sparsity a run starts with to end with another} */
    double firstSparsity(double sparsity) {
        return switch (this) {
            case GMP, ACDC -> 0;
            case GRANET, NDSNN -> Math.min(FIRST_SPARSITY, sparsity);
            default -> sparsity;
        };
    }

    /** {@return whether connections change at an interval that can be chosen} */
    public boolean hasInterval() {
        return hasDropFraction()
                || switch (this) {
                    case MEST, MEST_SOFT, GMP -> true;
                    default -> false;
                };
    }

    /** {@return whether a share of connections is exchanged that can be chosen} */
    public boolean hasDropFraction() {
        return switch (this) {
            case SET, RIGL, RIGL_GUIDED, SET_ITOP, RIGL_ITOP, SNFS, SRIGL, GRANET, NDSNN -> true;
            default -> false;
        };
    }

    /**
     * {@return the listener that rewires a run}
     *
     * @param settings of the run; the method is this one
     * @param iterations of the whole run
     */
    public SparseTraining listener(TrainSettings settings, long iterations) {
        if (isLatent()) {
            return latent(settings, iterations);
        }
        Rewiring rewiring = settings.rewiring();
        int epochs = settings.epochs();
        int every = rewiring.every(between(1, UPDATE_EVERY, iterations / LEAST_UPDATES));
        long lastUpdate = Math.max(1, (long) (LAST_UPDATE * iterations));
        SparseTrainingBuilder builder =
                switch (this) {
                    case SET ->
                            rewiring.over(DynamicSparseTraining.set(), epochs - 1L, iterations - 1);
                    case RIGL -> DynamicSparseTraining.rigl().updateEvery(every).until(lastUpdate);
                    case RIGL_GUIDED ->
                            DynamicSparseTraining.rigl()
                                    .grow(GrowCriterion.guided(SAMPLES))
                                    .updateEvery(every)
                                    .until(lastUpdate);
                    case SRIGL ->
                            DynamicSparseTraining.srigl().updateEvery(every).until(lastUpdate);
                    case SET_ITOP ->
                            DynamicSparseTraining.setItop()
                                    .updateEvery(
                                            rewiring.every(
                                                    between(1, 1_500, iterations / LEAST_MATURE)))
                                    .until(iterations);
                    case RIGL_ITOP ->
                            DynamicSparseTraining.riglItop()
                                    .updateEvery(
                                            rewiring.every(
                                                    between(1, 4_000, iterations / LEAST_MATURE)))
                                    .until(iterations);
                    case SNFS ->
                            rewiring.over(
                                    DynamicSparseTraining.sparseMomentum(),
                                    epochs - 1L,
                                    iterations - 1);
                    case MEST -> DynamicSparseTraining.mest().updateEvery(every).until(iterations);
                    case MEST_SOFT ->
                            DynamicSparseTraining.mestSoft().updateEvery(every).until(lastUpdate);
                    case GMP ->
                            DynamicSparseTraining.gradualPruning(
                                            pruning(settings, every, lastUpdate))
                                    .budget(
                                            ConnectionBudget.following(
                                                    pruning(settings, every, lastUpdate),
                                                    settings.distribution()))
                                    .updateEvery(every)
                                    .until(lastUpdate);
                    case GRANET ->
                            DynamicSparseTraining.granet(pruning(settings, every, lastUpdate))
                                    .updateEvery(every)
                                    .until(lastUpdate);
                    case NDSNN ->
                            DynamicSparseTraining.ndsnn(
                                            pruning(settings, every, lastUpdate),
                                            settings.distribution())
                                    .updateEvery(every)
                                    .until(lastUpdate);
                    case ACDC ->
                            DynamicSparseTraining.acdc(phases(settings), settings.distribution());
                    default -> DynamicSparseTraining.fixed();
                };
        return rewiring.exchanging(builder, this).seed(settings.seed()).build();
    }

    private SparseTraining latent(TrainSettings settings, long iterations) {
        if (this == STR) {
            // Weight decay alone would carry s from the first to the last value by the end.
            double travelled =
                    iterations * MEAN_RATE * settings.learningRate() / (1 - settings.momentum());
            return SoftThreshold.builder(FIRST_S, Math.log(FIRST_S / LAST_S) / travelled).build();
        }
        requireSparsityOf(settings);
        double density = 1 - settings.sparsity();
        return TopKast.builder(settings.sparsity(), Math.max(0, 1 - 2 * density))
                .by(settings.distribution())
                .build();
    }

    private static int between(int least, int most, long number) {
        return (int) Math.max(least, Math.min(most, number));
    }

    /** From the first sparsity to the run's by a cubic, met at the last update. */
    private SparsitySchedule pruning(TrainSettings settings, long every, long lastUpdate) {
        requireSparsityOf(settings);
        long end = Math.max(1, lastUpdate / every * every);
        return SparsitySchedule.cubic(
                firstSparsity(settings.sparsity()), settings.sparsity(), 0, end);
    }

    /** Dense and compressed phases of a tenth of the run, compressed for its last two tenths. */
    private SparsitySchedule phases(TrainSettings settings) {
        requireSparsityOf(settings);
        long phase = Math.max(1, settings.epochs() / 10);
        long last = settings.epochs() - 2 * phase;
        return SparsitySchedule.alternating(
                settings.sparsity(), phase, phase, last >= 3 * phase ? last : phase);
    }

    /** Some methods need a sparsity to work with, at each time or for two sets. */
    private void requireSparsityOf(TrainSettings settings) {
        if (!settings.distribution().usesSparsity()) {
            throw new IllegalArgumentException(
                    "--distribution: method %s shares out more than one sparsity, and %s heeds none"
                            .formatted(this, settings.distribution().name()));
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
