package org.dl4jplasticity.experiments.search;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.dl4jplasticity.datasets.ExampleShape;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.train.ModelSpec;
import org.dl4jplasticity.experiments.train.Sparsification;
import org.dl4jplasticity.experiments.train.TrainSettings;

/** Builds the network of a candidate. */
final class CandidateNetwork {
    private CandidateNetwork() {}

    /**
     * {@return the initialized network, with its sparse weights}
     *
     * @param proposal the candidate
     * @param settings of its training
     * @param examples to train on
     * @param iterations of the training
     */
    static Network of(
            Proposal proposal, TrainSettings settings, LabeledExamples examples, long iterations) {
        ModelSpec model = ModelSpec.parse(settings.model());
        Network network =
                model instanceof ModelSpec.FromFile
                        ? model.create(settings, examples, iterations)
                        : built(model, proposal, settings, examples, iterations);
        settings.method().requireAffordable(network);
        return new Sparsification(settings).apply(network, examples);
    }

    private static Network built(
            ModelSpec model,
            Proposal proposal,
            TrainSettings settings,
            LabeledExamples examples,
            long iterations) {
        NeuralNetConfiguration.ListBuilder list = ModelSpec.Recipe.of(settings, iterations).list();
        proposal.layers().of(examples.classes()).forEach(list::layer);
        return ModelSpec.Recipe.network(
                settings, list.setInputType(inputType(model, settings, examples)));
    }

    private static InputType inputType(
            ModelSpec model, TrainSettings settings, LabeledExamples examples) {
        if (model instanceof ModelSpec.Conv conv) {
            ExampleShape shape = examples.shape();
            conv.requireRoomToPool(settings.model(), shape);
            return InputType.convolutionalFlat(shape.height(), shape.width(), shape.channels());
        }
        return InputType.feedForward(examples.features());
    }
}
