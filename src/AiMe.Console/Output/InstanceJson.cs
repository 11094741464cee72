using System.Text.Json;
using AiMe.Faculties.Memory;
using AiMe.Lab.History;

namespace AiMe.Console.Output;

/// <summary>The page of one instance as JSON.</summary>
internal static class InstanceJson
{
    private const int Last = 5;

    /// <summary>Returns one object.</summary>
    public static byte[] Of(InstancePage page) =>
        JsonObject.Of(json =>
        {
            json.WriteString("run", page.Run.Plan.Run);
            json.WriteString("instance", page.Instance.Name);
            json.WriteString("variant", page.Variant.Name);
            json.WriteNumber("replicate", page.Instance.Replicate);
            json.WriteString("status", page.Instance.Status.ToString().ToLowerInvariant());
            json.WriteString("parked", page.Instance.Parked);
            json.WriteString("parent", page.Instance.Parent);
            json.WriteFigure("forkedAt", page.Fork?.Index);
            json.WriteNumber("beside", page.Instance.Unplanned);
            json.WriteNumber("waiting", page.Instance.Waiting);
            json.WriteString("runState", page.Run.State.ToString().ToLowerInvariant());
            json.WriteNumber("cycle", page.Self.Cycle);
            json.WriteNumber("cycles", page.Run.Plan.Cycles);
            json.WriteString("selfModel", page.Self.SelfModel);
            json.WriteString("champion", page.Self.Model.Value);
            json.WriteBoolean("byHand", page.ByHand is not null);
            json.WriteString("keeping", PolicyWords.Keeping(page.InstancesBy.Curate));
            json.WriteString("learning", PolicyWords.Learning(page.InstancesBy.Trainer, page.Run.Plan.Every));
            json.WriteTexts("goals", page.Run.Plan.Charter.Goals);
            json.WriteNumber("experiences", page.Experiences.Count);
            json.WriteNumber("kept", page.Kept);
            json.WriteObjects("generations", page.Generations, g => Generation(json, g));
            json.WriteObjects("selfModels", page.SelfModels, s =>
            {
                json.WriteNumber("cycle", s.Cycle);
                json.WriteString("text", s.Text);
                json.WriteString("because", s.Because?.Value);
            });
            json.WriteObjects("insights", page.Insights, i =>
            {
                json.WriteString("id", i.Id.Value);
                json.WriteString("statement", i.Statement);
                json.WriteTexts("evidence", i.Evidence.Select(e => e.Value));
            });
            json.WriteObjects("last", page.Experiences.TakeLast(Last), e => Experience(json, e));
        });

    private static void Generation(Utf8JsonWriter json, InstancePage.Generation g)
    {
        json.WriteNumber("generation", g.Number);
        json.WriteString("outcome", InstanceView.Outcome(g.Outcome));
        json.WriteString("model", g.Model.Value);
        json.WriteString("parent", g.Parent?.Value);
        json.WriteString("candidate", g.Candidate?.Value);
        json.WriteFigure("bareDrift", g.Bare);
        json.WriteFigure("agentDrift", g.Agent);
        json.WriteFigure("heldOut", g.HeldOut);
        json.WriteNumber("asked", g.Asked);
        json.WriteNumber("answered", g.Answered);
        json.WriteString("why", g.Why);
    }

    private static void Experience(Utf8JsonWriter json, Stored e)
    {
        json.WriteString("id", e.Id.Value);
        json.WriteString("input", e.Input);
        json.WriteString("output", e.Output);
        json.WriteString("reflection", e.Reflection);
        json.WriteString("verdict", e.Verdict.ToString().ToLowerInvariant());
        json.WriteTexts("reasons", e.Reasons);
    }
}
