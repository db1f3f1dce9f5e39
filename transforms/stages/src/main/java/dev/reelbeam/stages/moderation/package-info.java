/** Texts and pictures are looked at before a video is made of them, and before it leaves. */
@NullMarked
package dev.reelbeam.stages.moderation;

import org.jspecify.annotations.NullMarked;
