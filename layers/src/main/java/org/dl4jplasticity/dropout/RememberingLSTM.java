package org.dl4jplasticity.dropout;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.recurrent.LSTM;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A {@link RecurrentDropoutLSTM} at work: DL4J's own LSTM, in which {@link CandidateDropoutPass}
 * takes the place of a device's library in training.
 */
final class RememberingLSTM extends LSTM {
    private static final long serialVersionUID = 1;

    private final transient CandidateDropoutPass pass = new CandidateDropoutPass();
    private int sequenceStart;

    RememberingLSTM(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        helper = pass;
    }

    /** DL4J calls it before every pass, with the input as [minibatch, nIn, steps]. */
    @Override
    protected void applyDropOutIfNecessary(boolean training, LayerWorkspaceMgr workspaceMgr) {
        super.applyDropOutIfNecessary(training, workspaceMgr);
        if (!training) {
            return;
        }
        if (tBpttStateMap.isEmpty()) {
            sequenceStart = getIterationCount();
        }
        RecurrentDropoutLSTM conf = (RecurrentDropoutLSTM) layerConf();
        boolean perStep = conf.mask() == RecurrentDropoutLSTM.Mask.PER_STEP;
        int units = Math.toIntExact(conf.getNOut());
        int examples = Math.toIntExact(input.size(0));
        int steps = perStep ? Math.toIntExact(input.size(2)) : 1;
        pass.drop(
                conf.candidates()
                        .factors(
                                Layers.name(this),
                                Math.multiplyExact(steps, examples * units),
                                perStep ? getIterationCount() : sequenceStart,
                                getEpochCount(),
                                units),
                steps);
    }
}
