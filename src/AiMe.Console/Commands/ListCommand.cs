using System.CommandLine;
using System.Text.Json;
using AiMe.Mind;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary><c>aime list</c>: the runs of a store and their instances.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var store = Common.StoreOption();
        var json = Common.JsonOption("One JSON object an instance");
        var command = new Command("list", "List the runs of a store and their instances") { store, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = Common.OpenReadOnly(parsed.GetRequiredValue(store));
            var runs = await Common.RunsAsync(opened, cancellationToken);
            if (runs.Count == 0 && !parsed.GetValue(json))
                Terminal.Output.WriteLine($"The store {opened.Root} holds no run yet.");
            foreach (var run in runs)
            {
                if (parsed.GetValue(json))
                    WriteJson(run);
                else
                    Write(run);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(SupervisorState run)
    {
        var plan = run.Plan!;
        Terminal.Output.MarkupLineInterpolated($"[bold]{plan.Run}[/]  {(run.Digest is { } digest ? $"ended, digest {digest[..12]}" : "not ended: the same `aime run` goes on with it")}");
        var table = new Table().Border(TableBorder.Simple).AddColumn("instance").AddColumn("status").AddColumn(new TableColumn("cycle").RightAligned()).AddColumn(new TableColumn("generation").RightAligned()).AddColumn("digest");
        foreach (var (variant, replicate) in plan.Instances)
        {
            var name = RunPlan.NameOf(variant, replicate);
            var life = run.Lives[name];
            // Within a round the supervisor knows the last checkpoint only.
            table.AddRow(name, Status(life), $"{life.Cycle} of {plan.Cycles}", Generation(life, plan), life.Status == LifeStatus.Finished ? life.Heads.Digest()[..12] : "-");
        }

        Terminal.Output.Write(table);
    }

    private static string Generation(LifeProgress life, RunPlan plan) => life.Generation < 0 ? "-" : $"{life.Generation} of {plan.Rounds}";

    private static string Status(LifeProgress life) => life.Status.ToString().ToLowerInvariant();

    private static void WriteJson(SupervisorState run)
    {
        foreach (var (variant, replicate) in run.Plan!.Instances)
        {
            var name = RunPlan.NameOf(variant, replicate);
            var life = run.Lives[name];
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
            {
                writer.WriteStartObject();
                writer.WriteString("run", run.Plan.Run);
                writer.WriteString("instance", name);
                writer.WriteString("variant", variant.Name);
                writer.WriteNumber("replicate", replicate);
                writer.WriteString("status", Status(life));
                writer.WriteNumber("cycle", life.Cycle);
                writer.WriteNumber("cycles", run.Plan.Cycles);
                writer.WriteNumber("generation", life.Generation);
                if (life.Status == LifeStatus.Finished)
                    writer.WriteString("digest", life.Heads.Digest());
                else
                    writer.WriteNull("digest");
                writer.WriteEndObject();
            }

            Terminal.Json(stream.ToArray());
        }
    }
}
