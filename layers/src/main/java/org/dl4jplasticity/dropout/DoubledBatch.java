package org.dl4jplasticity.dropout;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Puts every minibatch of an iterator behind itself, so that each example goes through the network
 * twice in one pass, with two dropout masks, as {@link RDropLoss} needs it:
 *
 * <pre>{@code
 * iterator.setPreProcessor(new DoubledBatch());
 * }</pre>
 *
 * <p>It changes the minibatch it is given, as all of DL4J's preprocessors do: an iterator that
 * hands out the same objects again in the next epoch would double them again.
 */
public final class DoubledBatch implements DataSetPreProcessor {
    private static final long serialVersionUID = 1;

    /** Makes it; it has no settings. */
    public DoubledBatch() {}

    @Override
    public void preProcess(DataSet batch) {
        batch.setFeatures(twice(batch.getFeatures()));
        batch.setLabels(twice(batch.getLabels()));
        batch.setFeaturesMaskArray(twice(batch.getFeaturesMaskArray()));
        batch.setLabelsMaskArray(twice(batch.getLabelsMaskArray()));
    }

    private static INDArray twice(INDArray array) {
        return array == null ? null : Nd4j.concat(0, array, array);
    }

    /**
     * {@return a minibatch and itself behind it; the given one stays as it is}
     *
     * @param batch features and labels, with masks or without
     */
    public static org.nd4j.linalg.dataset.DataSet of(DataSet batch) {
        org.nd4j.linalg.dataset.DataSet doubled =
                new org.nd4j.linalg.dataset.DataSet(
                        batch.getFeatures(),
                        batch.getLabels(),
                        batch.getFeaturesMaskArray(),
                        batch.getLabelsMaskArray());
        new DoubledBatch().preProcess(doubled);
        return doubled;
    }
}
