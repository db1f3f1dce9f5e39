package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Delivery;
import java.util.List;

/** The deliveries of one variant. */
public record Deliveries(List<Delivery> deliveries) {}
