/* Names the level that is coloured, and lets another one be chosen. */
import { make } from '../core/dom.mjs';
import { text } from '../core/words.mjs';

const AUTO = '';

export class LevelSwitch {
  #map;
  #choice = make('select', 'map-level-choice');

  element = make('label', 'map-level');

  constructor(map) {
    this.#map = map;
    this.#choice.id = 'map-level';
    this.#choice.addEventListener('change', () => map.levelChosen(this.#choice.value || null));
    this.element.append(make('span', 'map-level-name', text('js.map.level')), this.#choice);
  }

  draw() {
    const { scene, level } = this.#map;
    this.element.hidden = !scene;
    if (scene) {
      this.#exchange(this.#options);
      const offered = [...this.#choice.options].some(({ value }) => value === level);
      this.#choice.value = offered ? level : AUTO;
    }
  }

  /** [value, words] each: by itself first, with what that is now. */
  get #options() {
    const { scene, config, ground } = this.#map;
    const nameOf = ({ level }) => config.levels.find(({ code }) => code === level)?.name ?? level;
    const usual = text('js.map.level-auto', { level: nameOf(ground.usualLevel()) });
    return [[AUTO, usual], ...scene.areaLevels.map((areaLevel) => [areaLevel.level, nameOf(areaLevel)])];
  }

  /** The list may be open under a hand: the same options stay. */
  #exchange(options) {
    const present = [...this.#choice.options].map(({ value, textContent }) => [value, textContent]);
    if (JSON.stringify(present) !== JSON.stringify(options)) {
      const made = options.map(([value, words]) => Object.assign(make('option', '', words), { value }));
      this.#choice.replaceChildren(...made);
    }
  }
}
