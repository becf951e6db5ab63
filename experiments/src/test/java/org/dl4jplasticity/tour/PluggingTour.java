package org.dl4jplasticity.tour;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.checkpoint.Checkpoint;
import org.dl4jplasticity.checkpoint.CheckpointWriter;
import org.dl4jplasticity.dropout.ConcreteDropout;
import org.dl4jplasticity.dropout.DropoutTraining;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.sparse.DropCriterion;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** What the README shows in passing. */
final class PluggingTour {
    private PluggingTour() {}

    // spotless:off
    static void masks(MultiLayerNetwork network, DataSetIterator data) {
        Sparsity.of(0.9).by(SparsityDistribution.erdosRenyiKernel()).seed(1).applyTo(network);
        network.addListeners(DynamicSparseTraining.rigl().updateEvery(100).until(3_500).build());
        network.fit(data, 10);
    }

    static void ownRule(MultiLayerNetwork network) {
        DropCriterion smallestTimesGradient = weights -> i -> Math.abs(weights.value(i) * weights.gradient(i));
        network.addListeners(DynamicSparseTraining.rigl().drop(smallestTimesGradient).until(3_500).build());
    }

    static void journal(MultiLayerNetwork network, DynamicSparseTraining rigl, DynamicSparseTraining riglBuiltAsBefore, Path journalFile, Path file) throws IOException {
        MutationJournal journal = MutationJournal.create(journalFile);
        rigl.recordTo(journal);                                   // every change of connections, as it happens
        network.addListeners(rigl, CheckpointWriter.to(file).every(500).eachEpoch().journal(journal));

        Checkpoint checkpoint = Checkpoint.read(file);            // later, in another process
        checkpoint.resume(riglBuiltAsBefore);                     // then add it to checkpoint.network() and go on
    }

    static void dropout(NeuralNetConfiguration.ListBuilder conf, MultiLayerNetwork model) {
        conf.layer(new SparseDenseLayer.Builder().nOut(300).dropOut(ConcreteDropout.builder().dropoutRegularizer(1e-5).build()).build());
        model.addListeners(DropoutTraining.of(model));
    }
    // spotless:on
}
