package org.dl4jplasticity.experiments.search;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;

/**
 * A search space as Arbiter's kind of space. Its point is a number in [0, 1] for each dimension
 * that has more than one value.
 */
@SuppressWarnings("rawtypes") // as Arbiter declares leaves
final class CandidateSpace implements ParameterSpace<Values> {
    private final SearchSpace space;
    private final Map<Parameter, ParameterSpace<?>> dimensions = new EnumMap<>(Parameter.class);

    CandidateSpace(SearchSpace space) {
        this.space = space;
        space.dimensions().forEach((parameter, each) -> dimensions.put(parameter, of(each)));
    }

    private static ParameterSpace<?> of(Dimension dimension) {
        if (dimension instanceof Dimension.Range range) {
            return new RangeSpace(range);
        }
        List<Object> values = ((Dimension.Choice) dimension).values();
        return values.size() == 1
                ? new FixedValue<>(values.get(0))
                : new DiscreteParameterSpace<>(values);
    }

    @Override
    public Values getValue(double[] point) {
        Map<Parameter, Object> searched = new EnumMap<>(Parameter.class);
        dimensions.forEach((parameter, each) -> searched.put(parameter, each.getValue(point)));
        return space.candidate(searched);
    }

    /** {@return the layers of a candidate of these values, at a point} */
    LayerStackSpace layers(Values values) {
        return new LayerStackSpace(values, dimensions);
    }

    @Override
    public int numParameters() {
        return collectLeaves().size();
    }

    @Override
    public List<ParameterSpace> collectLeaves() {
        List<ParameterSpace> leaves = new ArrayList<>();
        dimensions.values().forEach(each -> leaves.addAll(each.collectLeaves()));
        return leaves;
    }

    @Override
    public Map<String, ParameterSpace> getNestedSpaces() {
        Map<String, ParameterSpace> nested = new LinkedHashMap<>();
        dimensions.forEach((parameter, each) -> nested.put(parameter.toString(), each));
        return nested;
    }

    @Override
    public boolean isLeaf() {
        return false;
    }

    @Override
    public void setIndices(int... indices) {
        throw new UnsupportedOperationException("indices are those of leaves");
    }
}
