package org.dl4jplasticity.experiments.search;

import org.apache.commons.math3.random.JDKRandomGenerator;
import org.apache.commons.math3.random.RandomGenerator;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.generator.GeneticSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.UniformCrossover;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.parentselection.RandomTwoParentSelection;
import org.deeplearning4j.arbiter.optimize.generator.genetic.mutation.RandomMutationOperator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.population.PopulationModel;
import org.deeplearning4j.arbiter.optimize.generator.genetic.selection.GeneticSelectionOperator;

/**
 * Arbiter's genetic search for some dozens of candidates rather than hundreds: a population of
 * three times the dimensions, culled to two thirds, where children begin; with Arbiter's own thirty
 * the first twenty candidates would be random. Everything random comes from one seed.
 */
final class SmallPopulation {
    private static final int PER_GENE = 3;
    private static final int LEAST = 6;

    /** Of each gene; Arbiter's 0.005 would leave three genes alone for a whole search. */
    private static final double MUTATION_RATE = 0.15;

    private SmallPopulation() {}

    /**
     * {@return the generator}
     *
     * @param space whose points are proposed
     * @param seed of everything random
     */
    static CandidateGenerator generator(ParameterSpace<?> space, long seed) {
        JDKRandomGenerator random = new JDKRandomGenerator();
        random.setSeed(seed);
        int size = Math.max(LEAST, PER_GENE * space.numParameters());
        return new GeneticSearchCandidateGenerator.Builder(space, new TrialScore())
                .populationModel(new PopulationModel.Builder().populationSize(size).build())
                .selectionOperator(
                        new GeneticSelectionOperator.Builder()
                                .randomGenerator(random)
                                .crossoverOperator(
                                        new UniformCrossover.Builder()
                                                .randomGenerator(random)
                                                .parentSelection(new CopiedParents(random))
                                                .build())
                                .mutationOperator(
                                        new RandomMutationOperator.Builder()
                                                .randomGenerator(random)
                                                .mutationRate(MUTATION_RATE)
                                                .build())
                                .build())
                .build();
    }

    /** Arbiter's mutation writes into the genes of a parent that was not crossed. */
    private static final class CopiedParents extends RandomTwoParentSelection {
        CopiedParents(RandomGenerator random) {
            super(random);
        }

        @Override
        public double[][] selectParents() {
            double[][] parents = super.selectParents();
            return new double[][] {parents[0].clone(), parents[1].clone()};
        }
    }
}
