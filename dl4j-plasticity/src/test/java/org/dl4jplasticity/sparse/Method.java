package org.dl4jplasticity.sparse;

import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.schedule.SparsitySchedule;

/** Every method, hurried so that a run of 5 epochs of 8 minibatches sees many updates. */
enum Method {
    STATIC {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.fixed();
        }
    },
    SET {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.set();
        }
    },
    RIGL {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.rigl().updateEvery(2).until(30);
        }
    },
    SET_ITOP {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.setItop().updateEvery(3).until(40);
        }
    },
    RIGL_ITOP {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.riglItop().updateEvery(3).until(40);
        }
    },
    MEST {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.mest().updateEvery(4).until(40);
        }
    },
    MEST_SOFT {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.mestSoft().updateEvery(4).until(40);
        }
    },
    GMP {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.gradualPruning(SparsitySchedule.cubic(0.3, 0.8, 0, 30))
                    .updateEvery(5);
        }
    },
    GRANET {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.granet(SparsitySchedule.cubic(0.4, 0.8, 0, 30))
                    .updateEvery(3)
                    .until(36);
        }
    },
    NDSNN {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.ndsnn(
                            SparsitySchedule.cubic(0.5, 0.8, 0, 30),
                            SparsityDistribution.erdosRenyi())
                    .updateEvery(3)
                    .until(36);
        }
    },
    ACDC {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.acdc(
                    SparsitySchedule.alternating(0.7, 1, 1, 5), SparsityDistribution.uniform());
        }
    },
    SRIGL {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.srigl().updateEvery(2).until(30);
        }
    },
    MOVEMENT_TO_THE_UNEXPLORED {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.fixed()
                    .updateEvery(3)
                    .dropFraction(DropFraction.constant(0.25))
                    .drop(DropCriterion.movement())
                    .grow(GrowCriterion.unexplored())
                    .startingWith(GrowthInitialization.normal(0.1));
        }
    },
    SNFS {
        @Override
        SparseTrainingBuilder builder() {
            return DynamicSparseTraining.sparseMomentum().until(4);
        }

        @Override
        boolean knowsPacked() {
            return false;
        }
    };

    abstract SparseTrainingBuilder builder();

    /** {@return whether it can train this project's sparse layers} */
    boolean knowsPacked() {
        return true;
    }
}
