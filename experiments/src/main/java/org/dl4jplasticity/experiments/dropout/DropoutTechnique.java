package org.dl4jplasticity.experiments.dropout;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.dropout.ConcreteDropout;
import org.dl4jplasticity.dropout.ContinuousDropout;
import org.dl4jplasticity.dropout.ControlledDropout;
import org.dl4jplasticity.dropout.CurriculumKeep;
import org.dl4jplasticity.dropout.ExcitationDropout;
import org.dl4jplasticity.dropout.ExponentialKeep;
import org.dl4jplasticity.dropout.GeneralizedDropout;
import org.dl4jplasticity.dropout.IntervalDropout;
import org.dl4jplasticity.dropout.LinearKeep;
import org.dl4jplasticity.dropout.RDropLoss;
import org.dl4jplasticity.dropout.UnscaledDropout;
import org.dl4jplasticity.dropout.ValidationKeep;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.train.ModelSpec;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The techniques that a perceptron can be trained with, and how each makes its layers. Where one
 * has a probability to keep, it is that of the settings, for the inputs and for hidden units;
 * numbers of its own are those of its paper where that names one.
 */
enum DropoutTechnique {
    /** The recipe alone: what the others are compared with. */
    NONE("", LayerMaker.plain()),
    /** DL4J's dropout, which scales in training. */
    DROPOUT("Srivastava et al. 2014", LayerMaker.dropping(at -> new Dropout(at.keep()))),
    /** Dropout as published, which scales at inference. */
    ALGORITHM_2(
            "Srivastava et al. 2014, sec. 4",
            LayerMaker.scaledAtInference(at -> new UnscaledDropout(at.keep(), at.seed())),
            StepSize.UNSCALED),
    /** DL4J's multiplication by normal numbers. */
    GAUSSIAN(
            "Srivastava et al. 2014, sec. 10",
            LayerMaker.dropping(at -> new GaussianDropout(1 - at.keep()))),
    /** DL4J's dropout for self-normalizing networks. */
    ALPHA(
            "Klambauer et al. 2017",
            SpecialLayers.selfNormalizing(),
            "hidden layers are of SELU and keep 0.95, as in the paper"),
    /** Multiplication by uniform numbers. */
    CONTINUOUS_UNIFORM(
            "Shen et al. 2018",
            LayerMaker.dropping(at -> ContinuousDropout.uniform(at.seed())),
            "has no probability to keep"),
    /** Multiplication by normal numbers of mean 1/2. */
    CONTINUOUS_NORMAL(
            "Shen et al. 2018",
            LayerMaker.dropping(at -> ContinuousDropout.normal(0.2, at.seed())),
            "has a deviation, 0.2, and no probability to keep"),
    /** What has most to do with the labels is dropped most. */
    EXCITATION(
            "Zunino et al. 2021",
            LayerMaker.dropping(at -> new ExcitationDropout(at.keep(), at.seed()))),
    /** A probability for each layer is learned. */
    CONCRETE("Gal et al. 2017", LayerMaker.dropping(DropoutTechnique::concrete)),
    /** A probability for each unit is learned. */
    GENERALIZED(
            "Srinivas and Babu 2016",
            LayerMaker.scaledAtInference(DropoutTechnique::generalized),
            StepSize.UNSCALED),
    /** All examples of a minibatch drop the same units, by a mask. */
    CONTROLLED(
            "Ko et al. 2017",
            LayerMaker.dropping(at -> new ControlledDropout(at.keep(), at.seed())),
            StepSize.SHARED_MASK),
    /** The same, computed with the smaller matrices. */
    CONTROLLED_DENSE("Ko et al. 2017", SpecialLayers.controlledDense(), StepSize.SHARED_MASK),
    /** More and more is dropped. */
    CURRICULUM(
            "Morerio et al. 2017",
            LayerMaker.dropping(
                    at -> new Dropout(CurriculumKeep.over(at.keep(), at.iterations())))),
    /** Less and less is dropped, in a straight line to nothing. */
    DYNAMIC_LINEAR(
            "Yan and Shao 2024",
            LayerMaker.dropping(
                    at ->
                            new Dropout(
                                    new LinearKeep(
                                            ScheduleType.ITERATION,
                                            at.keep(),
                                            1,
                                            at.iterations())))),
    /** Less and less is dropped, in the end a tenth as often. */
    DYNAMIC_EXPONENTIAL(
            "Yan and Shao 2024",
            LayerMaker.dropping(
                    at ->
                            new Dropout(
                                    new ExponentialKeep(
                                            ScheduleType.EPOCH,
                                            at.keep(),
                                            Math.pow(0.1, 1.0 / at.epochs()))))),
    /** Less is dropped whenever the validation loss is better than ever. */
    DYNAMIC_VALIDATION(
            "Yan and Shao 2024",
            LayerMaker.dropping(at -> new Dropout(new ValidationKeep(at.keep(), 0.9)))),
    /** Weights are dropped. */
    DROPCONNECT("Wan et al. 2013", SpecialLayers.dropConnect()),
    /** The same, and at inference activations are averaged rather than weights. */
    DROPCONNECT_MOMENTS(
            "Wan et al. 2013, Algorithm 2",
            SpecialLayers.dropConnect().withHidden(SpecialLayers::averaged)),
    /** The mean over all masks is computed without drawing any, nearly. */
    FAST("Wang and Manning 2013", SpecialLayers.fast()),
    /** Gaussian dropout whose variances are learned, one for each input of a layer. */
    VARIATIONAL("Kingma et al. 2015", SpecialLayers.variational()),
    /** A variance for each weight is learned, and what is only noise is 0 at inference. */
    SPARSE_VARIATIONAL(
            "Molchanov et al. 2017",
            SpecialLayers.sparseVariational(),
            "has no probability to keep; in all layers; of few examples it removes nearly all weights"),
    /** Units that are the largest of two sums, with dropout. */
    MAXOUT(
            "Goodfellow et al. 2013",
            LayerMaker.dropping(at -> new Dropout(at.keep())).withHidden(SpecialLayers::maxout),
            "a unit has two sums, whose weights have a norm of 1.9365 at most, as in the paper"),
    /** An activation function that drops by intervals. */
    AID(
            "Park et al. 2025",
            LayerMaker.plain()
                    .withHidden(
                            at ->
                                    at.dense()
                                            .activation(IntervalDropout.relu(0.9, at.seed()))
                                            .build()),
            "keeps by the interval: 0.9 above 0, 0.1 below"),
    /** Two passes with different masks are drawn together. */
    R_DROP(
            "Liang et al. 2021",
            LayerMaker.dropping(at -> new Dropout(at.keep()))
                    .withOutput(DropoutTechnique::drawnTogether),
            "each example goes through the network twice in a step"),
    /** Edges of a Kolmogorov-Arnold network are dropped. */
    DROPKAN(
            "Altarabichi 2024",
            SpecialLayers.kolmogorovArnold(),
            "another network, of Kolmogorov-Arnold layers an eighth as wide");

    /** What two passes that differ count, of the paper's 1 to 5. */
    private static final double R_DROP_ALPHA = 1;

    private final String citation;

    @SuppressWarnings("ImmutableEnumChecker") // functions without a state
    private final LayerMaker layers;

    private final String note;

    private final StepSize steps;

    DropoutTechnique(String citation, LayerMaker layers) {
        this(citation, layers, StepSize.COMMON);
    }

    DropoutTechnique(String citation, LayerMaker layers, StepSize steps) {
        this(citation, layers, steps, steps.note());
    }

    DropoutTechnique(String citation, LayerMaker layers, String note) {
        this(citation, layers, StepSize.COMMON, note);
    }

    DropoutTechnique(String citation, LayerMaker layers, StepSize steps, String note) {
        this.citation = citation;
        this.layers = layers;
        this.steps = steps;
        this.note = note;
    }

    private static ConcreteDropout concrete(LayerPlace at) {
        return ConcreteDropout.builder()
                .rate(1 - at.keep())
                .dropoutRegularizer(1.0 / at.examples())
                .learningRate(at.settings().training().learningRate())
                .seed(at.seed())
                .build();
    }

    private static GeneralizedDropout generalized(LayerPlace at) {
        return GeneralizedDropout.builder()
                .keep(at.keep())
                .learningRate(at.settings().training().learningRate())
                .seed(at.seed())
                .build();
    }

    private static Layer drawnTogether(LayerPlace at) {
        OutputLayer.Builder layer = at.output();
        if (at.drops()) {
            layer.dropOut(new Dropout(at.keep()));
        }
        layer.lossFunction(new RDropLoss(R_DROP_ALPHA));
        return layer.build();
    }

    /**
     * {@return the techniques of some names, "all" being all of them, in the enumeration's order}
     *
     * @throws IllegalArgumentException if there is none of a name, with where it is if it is one
     *     for other networks, or a name comes twice
     */
    static List<DropoutTechnique> parse(List<String> names) {
        if (names.equals(List.of("all"))) {
            return List.of(values());
        }
        List<DropoutTechnique> found =
                names.stream().map(DropoutTechnique::parse).sorted().toList();
        if (found.stream().distinct().count() < found.size()) {
            throw new IllegalArgumentException(
                    "--techniques must all be different, got " + String.join(",", names));
        }
        return found;
    }

    private static DropoutTechnique parse(String name) {
        return Arrays.stream(values())
                .filter(technique -> technique.toString().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        OtherArchitecture.sentence(name)
                                                .orElse(
                                                        "--techniques must be all or some of %s, got '%s'"
                                                                .formatted(names(), name))));
    }

    /** {@return the names of all, joined by commas} */
    static String names() {
        return Arrays.stream(values())
                .map(DropoutTechnique::toString)
                .collect(Collectors.joining(", "));
    }

    /** {@return who described it; empty for none} */
    String citation() {
        return citation;
    }

    /** {@return what a reader of its figures must know; empty if there is nothing} */
    String note() {
        return note;
    }

    boolean needsValidation() {
        return this == DYNAMIC_VALIDATION;
    }

    /** {@return whether minibatches are doubled} */
    boolean doublesBatches() {
        return this == R_DROP;
    }

    /** {@return whether something has to be told the relevance of units} */
    boolean needsSaliency() {
        return this == EXCITATION;
    }

    /**
     * {@return an initialized network}
     *
     * @param settings of the run
     * @param examples to train on
     * @param iterations of the whole run
     */
    Network network(DropoutSettings settings, LabeledExamples examples, int iterations) {
        NeuralNetConfiguration.ListBuilder list =
                ModelSpec.Recipe.of(
                                settings.training(),
                                settings.training().learningRate() * steps.factor(settings.keep()),
                                iterations)
                        .list();
        int[] widths = settings.widths();
        for (int i = 0; i < widths.length; i++) {
            list.layer(
                    layers.hidden()
                            .apply(
                                    new LayerPlace(
                                            settings, i, widths[i], examples.size(), iterations)));
        }
        LayerPlace end =
                new LayerPlace(
                        settings, widths.length, examples.classes(), examples.size(), iterations);
        layers.last().apply(end).forEach(list::layer);
        return ModelSpec.Recipe.network(
                settings.training(), list.setInputType(InputType.feedForward(examples.features())));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
