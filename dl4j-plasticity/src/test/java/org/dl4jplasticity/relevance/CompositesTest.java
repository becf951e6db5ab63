package org.dl4jplasticity.relevance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.dl4jplasticity.relevance.RelevanceLayer.Kind;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Which layer gets which rule, and where relevance starts. */
class CompositesTest {
    private static final RelevanceLayer FIRST = new RelevanceLayer("0", Kind.CONVOLUTION, true);
    private static final RelevanceLayer MIDDLE = new RelevanceLayer("2", Kind.CONVOLUTION, false);
    private static final RelevanceLayer DENSE = new RelevanceLayer("4", Kind.DENSE, false);

    private static List<RelevanceRule> rules(RelevanceComposite composite) {
        return List.of(
                composite.ruleFor(FIRST),
                composite.ruleFor(MIDDLE),
                composite.ruleFor(DENSE),
                composite.ruleForSums());
    }

    @Test
    void compositesGiveTheRulesTheyAreNamedAfter() {
        RelevanceRule zero = RelevanceRule.zero();
        RelevanceRule epsilon = RelevanceRule.epsilon(0.1);
        RelevanceRule relative = RelevanceRule.relativeEpsilon(0.1);
        RelevanceRule plus = RelevanceRule.zPlus();
        RelevanceRule box = RelevanceRule.zB(-1, 2);
        RelevanceRule gamma = RelevanceRule.gamma(0.25);
        assertThat(rules(RelevanceComposite.zero())).containsExactly(zero, zero, zero, zero);
        assertThat(rules(RelevanceComposite.epsilon(0.1)))
                .containsExactly(epsilon, epsilon, epsilon, epsilon);
        assertThat(rules(RelevanceComposite.relativeEpsilon(0.1)))
                .containsExactly(relative, relative, relative, relative);
        assertThat(rules(RelevanceComposite.epsilonPlus(0.1)))
                .containsExactly(plus, plus, epsilon, epsilon);
        assertThat(rules(RelevanceComposite.epsilonGammaBox(0.1, -1, 2)))
                .containsExactly(box, gamma, epsilon, epsilon);
        RelevanceComposite own = layer -> RelevanceRule.flat();
        assertThat(own.ruleForSums()).isEqualTo(RelevanceRule.epsilon(1e-6));
    }

    @Test
    void aCompositeIsAskedForEveryLayerWithWeights() {
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.GRAPH,
                        InputType.convolutional(6, 6, 2),
                        new DropoutLayer(0.5),
                        Networks.convolution(3, 3, 3).build(),
                        new BatchNormalization(),
                        Networks.convolution(3, 3, 3).build(),
                        Networks.dense(5).build(),
                        Networks.logits(3).build());
        List<RelevanceLayer> asked = new ArrayList<>();
        Relevance.of(network.model())
                .rules(
                        layer -> {
                            asked.add(layer);
                            return RelevanceRule.zero();
                        })
                .explain(Networks.gaussian(1, 2, 2, 6, 6), RelevanceStart.allLogits());
        assertThat(asked)
                .containsExactly(
                        new RelevanceLayer("layer1", Kind.CONVOLUTION, true),
                        new RelevanceLayer("layer3", Kind.CONVOLUTION, false),
                        new RelevanceLayer("layer4", Kind.DENSE, false),
                        new RelevanceLayer("layer5", Kind.DENSE, false));
    }

    @Test
    void relevanceStartsAtTheLogitsChosen() {
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.feedForward(3),
                        Networks.logits(3).hasBias(false).build());
        network.layers().get(0).getParam("W").assign(Nd4j.eye(3));
        INDArray features = Nd4j.createFromArray(new double[][] {{1, 5, 2}, {7, -3, 7}});
        INDArray labels = Nd4j.createFromArray(new double[][] {{0, 0, 1}, {0, 1, 0}});
        INDArray given = Nd4j.createFromArray(new double[][] {{2, 2, 2}, {0, 1, 0}});
        assertThat(start(network, features, RelevanceStart.trueLabel(labels)))
                .containsExactly(0, 0, 2, 0, -3, 0);
        assertThat(start(network, features, RelevanceStart.predictedClass()))
                .containsExactly(0, 5, 0, 7, 0, 0);
        assertThat(start(network, features, RelevanceStart.allLogits()))
                .containsExactly(1, 5, 2, 7, -3, 7);
        assertThat(start(network, features, RelevanceStart.of(given)))
                .containsExactly(2, 2, 2, 0, 1, 0);
    }

    private static double[] start(TinyNetwork network, INDArray features, RelevanceStart start) {
        Explanation explanation =
                Relevance.of(network.model()).withNeurons().explain(features, start);
        return Networks.values(explanation.neurons("0"));
    }
}
