package org.dl4jplasticity.experiments.bench;

/** What a benchmark times in its dense form, as DL4J has it, and in packed ones. */
interface Workload {

    /** One form of it, ready to run on its minibatch. */
    interface Contestant {
        /** Computes everything a step of training does. */
        void train();

        /** Computes the output alone, as at inference. */
        void infer();
    }

    /** {@return what it is, in a few words that name the sizes} */
    String title();

    /** {@return DL4J's own form} */
    Contestant dense();

    /**
     * {@return a packed form}
     *
     * @param density active over possible weights, in (0, 1]
     */
    Contestant packed(double density);
}
