namespace AiMe.Console.Output;

/// <summary>A life of a list, for programs.</summary>
internal static class ListJson
{
    /// <summary>One object.</summary>
    public static byte[] Of(ListRow row) =>
        JsonObject.Of(json =>
        {
            var (life, glance) = (row.Life, row.Glance);
            json.WriteString("run", row.Plan.Run);
            json.WriteString("instance", life.Name);
            json.WriteString("variant", life.Variant);
            json.WriteNumber("replicate", life.Replicate);
            json.WriteString("status", life.Status.ToString().ToLowerInvariant());
            json.WriteNumber("cycle", row.Experiences);
            json.WriteNumber("cycles", row.Plan.Cycles);
            json.WriteNumber("beside", life.Beside);
            json.WriteNumber("generation", life.Generation);
            json.WriteNumber("generations", row.Plan.Rounds);
            json.WriteString("digest", row.Digest);
            json.WriteString("parked", life.Parked);
            json.WriteString("parent", life.Parent);
            if (glance is null)
                return;
            json.WriteNumber("experiences", glance.Stored);
            json.WriteNumber("kept", glance.Kept);
            json.WriteBoolean("here", !row.IsElsewhere);
            json.WriteFigure("keptShare", glance.KeptShare);
            json.WriteFigure("bareDrift", glance.BareDrift);
            json.WriteFigure("agentDrift", glance.AgentDrift);
            json.WriteFigure("heldOut", glance.HeldOut);
            json.WriteString("champion", glance.Champion?.Value);
            json.WriteBoolean("byHand", glance.IsByHand);
        });
}
