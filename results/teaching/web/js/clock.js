/** The clock of the map: weeks go by while it plays; two maps side by side share one. */
import { calm } from "./dom.js";
import { onLeave } from "./live.js";

const WEEK_MS = 1600;

/** A clock of so many weeks; who shows the time is told of every frame. */
export class Clock {
  constructor(weeks, week = 0) {
    this.weeks = weeks;
    this.time = Math.min(Math.max(week, 0), weeks - 1) + 0.5;
    this.playing = false;
    this.speed = 1;
    this.watchers = new Set();
    onLeave(() => this.stop());
  }

  get week() {
    return Math.min(this.weeks - 1, Math.floor(this.time));
  }

  get moment() {
    return this.time - Math.floor(this.time);
  }

  watch(watcher) {
    this.watchers.add(watcher);
  }

  tell() {
    for (const watcher of this.watchers) watcher(this);
  }

  play() {
    if (this.playing) return;
    this.playing = true;
    if (this.week >= this.weeks - 1 && this.moment > 0.9) this.time = 0;
    let before = performance.now();
    const step = (now) => {
      if (!this.playing) return;
      this.advance(now - before);
      before = now;
      this.tell();
      if (this.playing) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  /** Let time pass; who asked for little motion sees whole weeks, one after the other. */
  advance(milliseconds) {
    this.time += (Math.min(milliseconds, 250) / WEEK_MS) * this.speed;
    if (this.time >= this.weeks) {
      this.time = this.weeks - 0.01;
      this.stop();
    }
  }

  /** Where in the week dots are drawn: in the middle when nothing may move. */
  get shownMoment() {
    return calm() ? 0.5 : this.moment;
  }

  stop() {
    this.playing = false;
  }

  seek(week) {
    this.time = Math.min(Math.max(week, 0), this.weeks - 1) + 0.5;
    this.tell();
  }
}
