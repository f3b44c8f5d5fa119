import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["assets/vendor/**", "**/node_modules/**"] },
  js.configs.recommended,
  {
    files: ["assets/**/*.js"],
    languageOptions: { globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
  },
  { files: ["tests/js/**/*.js"], languageOptions: { globals: globals.node } },
  {
    rules: {
      "max-len": ["error", { code: 120, ignoreUrls: true }],
      "max-lines": ["error", 250],
      complexity: ["error", 15],
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "no-empty": ["error", { allowEmptyCatch: true }],
    },
  },
];
