package org.dl4jplasticity.experiments.search;

import java.util.List;
import org.deeplearning4j.arbiter.optimize.api.AbstractParameterSpace;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.distribution.LogUniformDistribution;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;

/** A range as Arbiter's kind of space, rounded to values that a person would type. */
final class RangeSpace extends AbstractParameterSpace<Object> {
    private final Dimension.Range range;
    private final ParameterSpace<? extends Number> drawn;

    RangeSpace(Dimension.Range range) {
        this.range = range;
        if (range.logarithmic()) {
            drawn =
                    new ContinuousParameterSpace(
                            new LogUniformDistribution(range.from(), range.to()));
        } else if (range.whole()) {
            drawn = new IntegerParameterSpace((int) range.from(), (int) range.to());
        } else {
            drawn = new ContinuousParameterSpace(range.from(), range.to());
        }
    }

    @Override
    public Object getValue(double[] values) {
        return range.value(drawn.getValue(values).doubleValue());
    }

    @Override
    public int numParameters() {
        return drawn.numParameters();
    }

    @Override
    @SuppressWarnings("rawtypes") // as Arbiter declares leaves
    public List<ParameterSpace> collectLeaves() {
        return drawn.collectLeaves();
    }

    @Override
    public boolean isLeaf() {
        return false;
    }

    @Override
    public void setIndices(int... indices) {
        drawn.setIndices(indices);
    }
}
