/** The experiment of a lesson, on the view that it asks for. */
import { compareView } from "./compare_view.js";
import { designView } from "./design_view.js";
import { luckView } from "./luck_view.js";
import { mapView } from "./map_view.js";
import { sharingView } from "./sharing_view.js";
import { statementView } from "./statement_view.js";
import { storyView } from "./story_view.js";

const VIEWS = {
  map: mapView,
  compare: compareView,
  statement: statementView,
  story: storyView,
  sharing: sharingView,
  luck: luckView,
  design: designView,
};

/** The view that an experiment is done on. */
export function experimentView(view) {
  return (VIEWS[view.page] ?? compareView)(view);
}
