namespace AiMe.Console.Output;

/// <summary>An instance of a list as JSON.</summary>
internal static class ListJson
{
    /// <summary>Returns one object.</summary>
    public static byte[] Of(ListRow row) =>
        JsonObject.Of(json =>
        {
            var (instance, glance) = (row.Instance, row.Glance);
            json.WriteString("run", row.Plan.Run);
            json.WriteNumber("seed", row.Plan.Seed.Value);
            json.WriteObject("settings", () => StatusJson.Settings(json, row.Settings));
            json.WriteString("instance", instance.Name);
            json.WriteString("variant", instance.Variant);
            json.WriteNumber("replicate", instance.Replicate);
            json.WriteString("status", instance.Status.ToString().ToLowerInvariant());
            json.WriteNumber("cycle", row.Experiences);
            json.WriteNumber("cycles", row.Plan.Cycles);
            json.WriteNumber("beside", instance.Beside);
            json.WriteNumber("generation", instance.Generation);
            json.WriteNumber("generations", row.Plan.Rounds);
            json.WriteString("digest", row.Digest);
            json.WriteString("parked", instance.Parked);
            json.WriteString("parent", instance.Parent);
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
