package org.dl4jplasticity.updater;

import java.util.List;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * How a parameter is updated at one step, schedules resolved.
 *
 * @param kind the learning rule
 * @param divisor the gradient is divided by it first
 * @param l1 times the parameter's sign, added to the gradient
 * @param l2 times the parameter, added to the gradient
 * @param decay times the parameter, added to the update
 * @param rate the learning rate; of Adam the one with bias corrections
 * @param first momentum, or Adam's first beta
 * @param second Adam's second beta
 * @param epsilon Adam's epsilon
 */
record UpdateRule(
        Kind kind,
        double divisor,
        double l1,
        double l2,
        double decay,
        double rate,
        double first,
        double second,
        double epsilon) {

    /** The learning rules, with the number of values each keeps for a parameter. */
    enum Kind {
        NONE(0),
        SGD(0),
        NESTEROVS(1),
        ADAM(2);

        private final int slots;

        Kind(int slots) {
            this.slots = slots;
        }

        int slots() {
            return slots;
        }
    }

    /** {@return the rule of an updater and regularizations at a step; null if one is not known} */
    static UpdateRule of(
            IUpdater updater,
            List<Regularization> regularizations,
            double divisor,
            int iteration,
            int epoch) {
        double rate = updater.hasLearningRate() ? updater.getLearningRate(iteration, epoch) : 1;
        double l1 = 0;
        double l2 = 0;
        double decay = 0;
        for (Regularization each :
                regularizations == null ? List.<Regularization>of() : regularizations) {
            if (each.getClass() == L1Regularization.class) {
                l1 += ((L1Regularization) each).getL1().valueAt(iteration, epoch);
            } else if (each.getClass() == L2Regularization.class) {
                l2 += ((L2Regularization) each).getL2().valueAt(iteration, epoch);
            } else if (each.getClass() == WeightDecay.class) {
                WeightDecay weightDecay = (WeightDecay) each;
                decay +=
                        weightDecay.getCoeff().valueAt(iteration, epoch)
                                * (weightDecay.isApplyLR() ? rate : 1);
            } else {
                return null;
            }
        }
        Class<?> type = updater.getClass();
        if (type == Sgd.class) {
            return new UpdateRule(Kind.SGD, divisor, l1, l2, decay, rate, 0, 0, 0);
        } else if (type == NoOp.class) {
            return new UpdateRule(Kind.NONE, divisor, l1, l2, decay, 1, 0, 0, 0);
        } else if (type == Nesterovs.class) {
            double momentum = ((Nesterovs) updater).currentMomentum(iteration, epoch);
            return new UpdateRule(Kind.NESTEROVS, divisor, l1, l2, decay, rate, momentum, 0, 0);
        } else if (type == Adam.class) {
            return adam((Adam) updater, divisor, l1, l2, decay, rate, iteration);
        }
        return null;
    }

    private static UpdateRule adam(
            Adam adam,
            double divisor,
            double l1,
            double l2,
            double decay,
            double rate,
            int iteration) {
        double corrected =
                rate
                        * Math.sqrt(1 - Math.pow(adam.getBeta2(), iteration + 1.0))
                        / (1 - Math.pow(adam.getBeta1(), iteration + 1.0));
        // DL4J puts epsilon in the place of a rate it can't use, 0 among them.
        boolean usable = corrected != 0 && Double.isFinite(corrected);
        return new UpdateRule(
                Kind.ADAM,
                divisor,
                l1,
                l2,
                decay,
                usable ? corrected : adam.getEpsilon(),
                adam.getBeta1(),
                adam.getBeta2(),
                adam.getEpsilon());
    }
}
