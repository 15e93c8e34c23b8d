import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "@jest/globals";
import { mavenBuild } from "../../local/tools/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const place = temporaryFolder();
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>t</groupId><artifactId>t</artifactId><version>1</version>
  <properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target>
  <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
</project>`;

/** A Java program that says a word. */
function writeProject(name: string, statement: string): string {
  const project = join(place, name);
  mkdirSync(join(project, "src/main/java"), { recursive: true });
  writeFileSync(join(project, "pom.xml"), pom);
  writeFileSync(
    join(project, "src/main/java/Say.java"),
    `class Say { public static void main(String[] words) { ${statement} } }`,
  );
  return project;
}

await describeWith(
  [
    { command: "java", for: "a test of Maven" },
    { command: "mvn", for: "a test of Maven" },
  ],
  "mavenBuild",
  () => {
    const folder = join(place, "built");
    const build = async (statement: string) => {
      const project = writeProject("say", statement);
      const built = await mavenBuild({ project, folder });
      return { project, ...built };
    };

    it("builds a project outside its own folder", async () => {
      const { project, classpath } = await build('System.out.print("one");');

      const { stdout } = await promisify(execFile)("java", ["-cp", classpath, "Say"]);
      expect(stdout).toBe("one");
      expect(readdirSync(project).sort()).toEqual(["pom.xml", "src"]);
    }, 120_000);

    it("builds again when a source has changed, and throws the compiler's words", async () => {
      await expect(build("this is no Java")).rejects.toMatchObject({
        code: "tool-failed",
        message: expect.stringContaining("Say.java"),
      });
    }, 120_000);
  },
);
