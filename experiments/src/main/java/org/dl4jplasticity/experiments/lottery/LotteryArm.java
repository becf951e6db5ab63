package org.dl4jplasticity.experiments.lottery;

/** What a lottery run trains after a level of pruning. */
enum LotteryArm {
    /** What iterative pruning leaves, at the values it had. */
    TICKET("ticket"),

    /** What pruning the trained dense network once leaves, at the values it had. */
    ONE_SHOT("one-shot"),

    /** What iterative pruning leaves, at its trained values, with the schedule replayed. */
    LEARNING_RATE("lr-rewind"),

    /** The ticket's connections with values drawn anew. */
    REINIT("reinit"),

    /** As many connections of each layer, chosen at random, at the values they had. */
    RANDOM("random"),

    /** The ticket's connections with the signs they had and one magnitude for each layer. */
    SIGN("sign");

    private final String name;

    LotteryArm(String name) {
        this.name = name;
    }

    /** {@return whether its connections are those of the ticket of its level, or as many} */
    boolean isControl() {
        return this == REINIT || this == RANDOM || this == SIGN;
    }

    @Override
    public String toString() {
        return name;
    }
}
