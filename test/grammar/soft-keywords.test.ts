import { describe, expect, it } from "vitest";
import { parse } from "../../grammar/index.js";

const soft =
  "outer block model task mask score config check train generate weights from on as over state loss aux stack layout leaf ignore prefix input output type expect is null".split(
    " ",
  );
const hard = "import fn where when if then else true false repeat param return yield attend scan rearrange".split(" ");

describe("soft keywords", () => {
  it.each(soft)("`%s` is a name", (word) => {
    const { problems } = parse(`
      outer ${word}
      mask ${word}(${word}: int) = ${word} < k
      block Layer[${word}]{${word}: int = 1}(${word}: f32[${word}: 2 * ${word}]) -> f32[${word}] where ${word} < 2 {
        param ${word}: f32[${word}] = ${word} when ${word}
        state ${word}: f32[${word}] = ${word}
        ${word} = ${word}.${word}[${word}: 0, ${word} -> ${word}] + @${word}
        ${word} += ${word}(${word}: ${word}) |> ${word} |> ${word}: Linear{${word}, ${word}: ${word}, ${word} = 1}
        ${word} *= x |> ${word}[${word}]: Linear |> rearrange[${word} (${word} a) -> (${word}: ${word} a); ${word} = 2]
        ${word} := attend[${word}, ${word}](${word}) { ${word} }
        repeat ${word} < ${word} { ${word} = scan[${word}](${word} = ${word}) { yield ${word} } }
        if ${word} { ${word} = 1 } else { ${word} = 2 }
        loss ${word}
        aux ${word}
        return ${word}, ${word}
      }
      task ${word}{${word}}(${word}: ${word === "fn" ? "int" : word}) on Layer as ${word} { return ${word} }
      config ${word} = Layer{${word}: 1}
      check params(${word}.${word}) == ${word}
      weights Layer from "x" {
        ${word} = "a"
        ${word}[${word}].${word}.(${word} q).* = "b" stack[${word}]
        ${word}[0] = "c" as [${word} (a ${word})]
        layout Linear.${word} [${word} out]
        leaf Linear.${word} = "w"
        input ${word} = "input"
        output ${word} = "output"
        task ${word} = "Class"
        config ${word} = "x" is {null: ${word}} else ${word}
        expect ("y" | ${word}) = null when ${word}
      }
      train ${word}.${word} over ${word} { ${word}: ${word} }
    `);
    expect(problems).toEqual([]);
  });

  it.each(hard)("`%s` is none", (word) => {
    expect(parse(`block A() { ${word} = 1 }`).problems).not.toEqual([]);
  });

  it("start their statements where no operator of assignment follows", () => {
    const { file, problems } = parse("block A() { loss = 1 loss loss state = 2 state state: f32[] = state aux aux }");
    expect(problems).toEqual([]);
    const [block] = file.declarations;
    expect(block?.kind === "block" && block.body.statements.map(({ kind }) => kind)).toEqual(
      "assign effect assign weight effect".split(" "),
    );
  });
});
