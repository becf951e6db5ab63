package org.dl4jplasticity.experiments.run;

import java.util.Map;

/** A report that says what settings it is of. */
public interface ReportOfSettings {

    /** {@return the settings by name; null if the report doesn't say} */
    Map<String, Object> config();

    /** {@return the seed of the run} */
    long seed();

    /** {@return everything that decided the run as text, by name} */
    default Map<String, String> texts() {
        return Settings.texts(config(), seed());
    }
}
