package org.dl4jplasticity.updater;

/**
 * Neighbouring parameters that are updated by one rule.
 *
 * @param start of the first one among the flat parameters and gradients
 * @param length number of parameters
 * @param state of the first one's first value among the flat optimizer state
 * @param slot distance between a parameter's first and second value in the optimizer state
 * @param rule how they are updated
 */
record UpdateStretch(int start, int length, int state, int slot, UpdateRule rule) {}
