package org.dl4jplasticity.experiments.search;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;

/** Tells Arbiter that larger scores are better; the scores themselves are those of the trials. */
@SuppressWarnings("deprecation") // Arbiter's interface has a method of its older form
final class TrialScore implements ScoreFunction {
    private static final long serialVersionUID = 1;

    @Override
    public double score(Object model, DataProvider data, Map<String, Object> parameters) {
        throw scoredByTrial();
    }

    @Override
    public double score(Object model, Class<? extends DataSource> data, Properties properties) {
        throw scoredByTrial();
    }

    private static UnsupportedOperationException scoredByTrial() {
        return new UnsupportedOperationException("candidates are scored where they are trained");
    }

    @Override
    public boolean minimize() {
        return false;
    }

    @Override
    public List<Class<?>> getSupportedModelTypes() {
        return List.of();
    }

    @Override
    public List<Class<?>> getSupportedDataTypes() {
        return List.of();
    }
}
