package org.dl4jplasticity.experiments.report;

/** A part of a page: tells what it finds the files of, and is silent where there are none. */
interface Section {

    /** Adds to a page what a run's folder has of it. */
    void addTo(Page page, RunFiles run);
}
