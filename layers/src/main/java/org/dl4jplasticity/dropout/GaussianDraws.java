package org.dl4jplasticity.dropout;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * One draw of each of a layer's normal weighted sums.
 *
 * @param deviation their standard deviations, [minibatch, nOut]
 * @param standard what was drawn, of mean 0 and variance 1, [minibatch, nOut]
 * @param sums the draws, [minibatch, nOut]
 */
record GaussianDraws(INDArray deviation, INDArray standard, INDArray sums) {

    /** {@return draws of sums whose means and variances are known} */
    static GaussianDraws of(GaussianSums sums, SplittableRandom random) {
        INDArray mean = sums.mean();
        double[] numbers = new double[Math.toIntExact(mean.length())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextGaussian();
        }
        INDArray standard =
                Nd4j.createFromArray(numbers).reshape('c', mean.shape()).castTo(mean.dataType());
        INDArray deviation = Transforms.sqrt(sums.variance(), true);
        return new GaussianDraws(deviation, standard, deviation.mul(standard).addi(mean));
    }

    /**
     * {@return the gradient by the variances}
     *
     * @param ofSums the gradient by the draws, which is that by the means too
     */
    INDArray ofVariance(INDArray ofSums) {
        // dz / ds^2 = e / 2s of z = m + s e
        return ofSums.mul(standard).divi(deviation).muli(0.5);
    }
}
