/** The controls of time: play and pause, a week on or back, a slider, and how fast. */
import { button, segments } from "./controls.js";
import { h } from "./dom.js";
import { announce, onChange } from "./live.js";
import { change, state } from "./state.js";
import { number, t } from "./words.js";

const WEEKS_A_YEAR = 52;

/** What a week is called. */
export function weekName(week) {
  return t("week.name", { year: number(Math.floor(week / WEEKS_A_YEAR) + 1), week: number((week % WEEKS_A_YEAR) + 1) });
}

/** The controls of a clock. */
export function player(clock) {
  const play = button(
    t("map.play"),
    () => {
      if (clock.playing) {
        clock.stop();
        clock.tell();
        change({ week: clock.week + 1 }, { quiet: true, silent: true });
      } else clock.play();
      label();
    },
    { class: "play" },
  );
  const slider = h("input", {
    type: "range",
    min: 1,
    max: clock.weeks,
    step: 1,
    "aria-label": t("map.week"),
    oninput: () => clock.seek(Number(slider.value) - 1),
    onchange: () => change({ week: slider.value }, { quiet: true, silent: true }),
  });
  const shown = h("span", { class: "week-name" });
  const label = () => {
    play.textContent = clock.playing ? t("map.pause") : t("map.play");
  };
  const show = () => {
    const text = weekName(clock.week);
    if (shown.textContent !== text) {
      shown.textContent = text;
      slider.value = clock.week + 1;
      slider.setAttribute("aria-valuetext", text);
    }
    label();
  };
  const step = (by) => {
    clock.stop();
    clock.seek(clock.week + by);
    change({ week: clock.week + 1 }, { quiet: true, silent: true });
    announce(weekName(clock.week));
  };
  const speeds = [0.5, 1, 2, 4].map((speed) => [
    String(speed),
    t("map.times", { n: number(speed, speed < 1 ? 1 : 0) }),
  ]);
  onChange(["speed"], () => {
    clock.speed = Number(state().speed ?? 1);
  });
  clock.speed = Number(state().speed ?? 1);
  clock.watch(show);
  show();
  return h(
    "div",
    { class: "player no-print", role: "group", "aria-label": t("map.player") },
    play,
    button("−1", () => step(-1), { "aria-label": t("map.back") }),
    button("+1", () => step(1), { "aria-label": t("map.forth") }),
    slider,
    shown,
    segments(t("map.speed"), "speed", speeds, "1", { quiet: true }),
  );
}
