using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.Effects;
using AiMe.Lab;
using AiMe.Mind;
using Spectre.Console;

namespace AiMe.Console.Views;

/// <summary>One instance on one page, folded from its journal.</summary>
internal sealed record InstancePage(string Run, string Name, LifeStatus Status, SelfState Self, IReadOnlyList<InstancePage.Generation> Generations, IReadOnlyList<Stored> Experiences)
{
    private const int LastExperiences = 5;

    /// <summary>A line of the lineage.</summary>
    /// <param name="Bare">Bare identity drift from birth, bits.</param>
    /// <param name="Agent">Agent identity drift from birth, bits.</param>
    /// <param name="HeldOut">Nats per token.</param>
    /// <param name="Why">The gate's objections, or why nothing was trained; empty otherwise.</param>
    internal sealed record Generation(int Number, RoundOutcome Outcome, ModelId Model, double Bare, double Agent, double HeldOut, string Why)
    {
        /// <summary>Questions of the choice probes, bare model and agent together.</summary>
        public int Asked { get; init; }

        /// <summary>Of those, in how many an option was named.</summary>
        public int Answered { get; init; }
    }

    public static InstancePage Of(string run, string name, LifeProgress life, IReadOnlyList<LifeEvent> events)
    {
        List<Generation> generations = [];
        var (why, outcome) = ("", RoundOutcome.Born);
        Probed? birth = null;
        foreach (var e in events)
        {
            switch (e.Happened)
            {
                case RolledBack r:
                    why = string.Join("; ", r.Reasons);
                    break;
                case Skipped s:
                    why = s.Why;
                    break;
                case Failed f:
                    why = f.Error;
                    break;
                case Adopted a:
                    outcome = a.Outcome;
                    break;
                case Probed p:
                    birth ??= p;
                    var (bare, agent) = (Identity.Answered(p.Results.Bare), Identity.Answered(p.Results.Agent));
                    generations.Add(new(p.Generation, outcome, p.Model, Identity.Drift(p.Results.Bare, birth.Results.Bare), Identity.Drift(p.Results.Agent, birth.Results.Agent), p.Results.HeldOut, why)
                    {
                        Asked = bare.Asked + agent.Asked,
                        Answered = bare.Known + agent.Known,
                    });
                    why = "";
                    break;
            }
        }

        var self = (SelfState)(events.LastOrDefault(e => e.Faculty == Loop.Self)?.State ?? SelfDecider.Initial);
        return new(run, name, life.Status, self, generations, [.. events.Select(e => e.Happened).OfType<Stored>()]);
    }

    public void Write(string store)
    {
        var output = Terminal.Output;
        output.MarkupLineInterpolated($"[bold]{Name}[/]  {Status.ToString().ToLowerInvariant()}, cycle {Self.Cycle}, generation {Math.Max(0, Self.Generation)}, run {Run}");
        output.WriteLine();
        var who = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        who.AddRow(new Text("charter", new Style(Color.Blue)), new Text(Self.Spec?.Charter.Stem ?? "-"));
        who.AddRow(new Text("self-model", new Style(Color.Blue)), new Text(Self.SelfModel));
        who.AddRow(new Text("champion", new Style(Color.Blue)), new Text(Self.Model.Short));
        output.Write(who);

        var lineage = new Table().Border(TableBorder.Simple).AddColumn("generation").AddColumn("outcome").AddColumn("model")
            .AddColumn(new TableColumn("bare drift").RightAligned()).AddColumn(new TableColumn("agent drift").RightAligned()).AddColumn(new TableColumn("held-out CE").RightAligned()).AddColumn("why");
        foreach (var g in Generations)
            lineage.AddRow(Number(g.Number), Outcome(g.Outcome), g.Model.Short, Figure(g.Bare), Figure(g.Agent), Figure(g.HeldOut), Markup.Escape(g.Why));
        output.Write(lineage);
        output.WriteLine("Drift in bits from generation 0; held-out cross-entropy (CE) in nats per token.", Style.Plain);
        if (Generations.Count > 0 && Generations.All(g => double.IsNaN(g.HeldOut)))
            output.WriteLine("Held-out cross-entropy is not known for this provider, which scores no text.", Style.Plain);
        foreach (var g in Generations.Where(g => g.Answered < g.Asked))
            output.WriteLine($"At generation {Number(g.Number)} an option was named in {Number(g.Answered)} of {Number(g.Asked)} questions; drift leaves the others out.", Style.Plain);

        output.WriteLine();
        output.WriteLine($"{Experiences.Count} experiences, {Experiences.Count(e => e.Verdict == Verdict.Keep)} kept. The last {Math.Min(LastExperiences, Experiences.Count)}:", Style.Plain);
        foreach (var e in Experiences.TakeLast(LastExperiences))
        {
            output.MarkupLineInterpolated($"  [blue]{e.Id}[/] {e.Input}");
            output.MarkupLineInterpolated($"      {e.Output}  [grey]({e.Verdict.ToString().ToLowerInvariant()})[/]");
        }

        output.WriteLine();
        System.Console.Out.WriteLine($"The whole life: {Invocation.Of("replay", Name, "--store", store)}");
    }

    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("run", Run);
            writer.WriteString("instance", Name);
            writer.WriteString("status", Status.ToString().ToLowerInvariant());
            writer.WriteNumber("cycle", Self.Cycle);
            writer.WriteString("selfModel", Self.SelfModel);
            writer.WriteString("champion", Self.Model.Value);
            writer.WriteNumber("experiences", Experiences.Count);
            writer.WriteNumber("kept", Experiences.Count(e => e.Verdict == Verdict.Keep));
            writer.WriteStartArray("generations");
            foreach (var g in Generations)
                WriteGeneration(writer, g);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteGeneration(Utf8JsonWriter writer, Generation g)
    {
        writer.WriteStartObject();
        writer.WriteNumber("generation", g.Number);
        writer.WriteString("outcome", Outcome(g.Outcome));
        writer.WriteString("model", g.Model.Value);
        foreach (var (key, value) in new[] { ("bareDrift", g.Bare), ("agentDrift", g.Agent), ("heldOut", g.HeldOut) })
        {
            if (double.IsFinite(value))
                writer.WriteNumber(key, value);
            else
                writer.WriteNull(key);
        }

        writer.WriteNumber("asked", g.Asked);
        writer.WriteNumber("answered", g.Answered);
        writer.WriteString("why", g.Why);
        writer.WriteEndObject();
    }

    private static string Outcome(RoundOutcome outcome) => outcome == RoundOutcome.RolledBack ? "rolled back" : outcome.ToString().ToLowerInvariant();

    private static string Figure(double value) => double.IsNaN(value) ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
