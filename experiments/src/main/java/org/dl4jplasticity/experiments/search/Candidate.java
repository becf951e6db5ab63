package org.dl4jplasticity.experiments.search;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;

/**
 * What became of a candidate.
 *
 * @param index from 1 in the order of proposals; 0 for the default settings
 * @param values of its parameters by name
 * @param scores of its network, or null if it failed
 * @param failure why it failed in one sentence, or null
 */
record Candidate(int index, Map<String, Object> values, CandidateScores scores, String failure) {

    /** {@return whether it went through} */
    @JsonIgnore
    boolean isDone() {
        return scores != null;
    }

    /** {@return whether it is the default settings} */
    @JsonIgnore
    boolean isControl() {
        return index == 0;
    }

    /** {@return what it is called} */
    String name() {
        return isControl() ? "default settings" : "candidate " + index;
    }

    /** {@return the folder of its training within that of the search} */
    static String folderName(int index) {
        return "candidates/%03d".formatted(index);
    }
}
