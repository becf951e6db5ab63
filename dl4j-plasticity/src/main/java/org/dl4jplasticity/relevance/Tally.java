package org.dl4jplasticity.relevance;

/** What became of the relevance of a node's outputs, summed over examples. */
final class Tally {
    private final boolean weightsWanted;
    private double received;
    private double kept;
    private double bias;
    private double stabilizer;
    private double[] signed;
    private double[] absolute;

    Tally(boolean weightsWanted) {
        this.weightsWanted = weightsWanted;
    }

    void addReceived(double relevance) {
        received += relevance;
    }

    void addKept(double relevance) {
        kept += relevance;
    }

    void addBias(double relevance) {
        bias += relevance;
    }

    void addStabilizer(double relevance) {
        stabilizer += relevance;
    }

    boolean weightsWanted() {
        return weightsWanted;
    }

    /** Adds relevance per weight: its sum, and the sum of the amounts. */
    void addWeights(double[] signedSums, double[] absoluteSums, double[] weights) {
        if (signed == null) {
            signed = new double[weights.length];
            absolute = new double[weights.length];
        }
        for (int i = 0; i < weights.length; i++) {
            signed[i] += weights[i] * signedSums[i];
            absolute[i] += Math.abs(weights[i]) * absoluteSums[i];
        }
    }

    /** {@return the relevance per weight, summed; null if there was none to add} */
    double[] signed() {
        return signed;
    }

    /** {@return the amount of relevance per weight, summed; null if there was none to add} */
    double[] absolute() {
        return absolute;
    }

    LayerBalance balance(String id) {
        return new LayerBalance(id, received, kept, bias, stabilizer);
    }
}
