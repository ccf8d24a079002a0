/** The experiment of a lesson, on the view that it asks for. */
import { compareView } from "./compare_view.js";
import { payload, runOf, studyOf } from "./data.js";
import { designView } from "./design_view.js";
import { levelsFigure } from "./levels_figure.js";
import { luckView } from "./luck_view.js";
import { mapView } from "./map_view.js";
import { pairsView } from "./pairs_view.js";
import { sharingView } from "./sharing_view.js";
import { statementView } from "./statement_view.js";
import { storyView } from "./story_view.js";
import { weekFigure } from "./week_view.js";

const VIEWS = {
  map: mapView,
  compare: compareView,
  statement: statementView,
  story: storyView,
  sharing: sharingView,
  luck: luckView,
  design: designView,
  pairs: pairsView,
};

const WITH_NUMBERS = ["map", "story"];

/** The view that an experiment is done on, and with it the numbers that it asks for and does not show itself. */
export function experimentView(view) {
  const main = (VIEWS[view.page] ?? compareView)(view);
  const asked = view.study && view.outcomes?.length;
  if (view.page === "statement") return [weeksOf(view), main, asked && measured(view)];
  if (view.page === "pairs") return [main, asked && compareView(view), storyView(view)];
  if (view.page === "sharing") return [main, asked && measured(view), storyView({ runs: view.runs?.slice(-1) })];
  return WITH_NUMBERS.includes(view.page) && asked ? [main, measured(view)] : main;
}

function measured(view) {
  return levelsFigure(studyOf(view.study), view.arms ?? [], view.outcomes);
}

/** The weeks behind a statement: those of the team that it pays. */
function weeksOf(view) {
  const statement = payload().statements.find((one) => view.runs?.includes(one.run));
  return statement ? weekFigure(runOf(statement.run), statement.team) : null;
}
