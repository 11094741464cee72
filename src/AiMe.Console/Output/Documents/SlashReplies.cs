namespace AiMe.Console.Output.Documents;

/// <summary>A reply in words.</summary>
/// <param name="Text">One or more sentences.</param>
internal sealed record TextReply(string Text);

/// <summary>The reply to <c>/goals</c>: the charter.</summary>
/// <param name="Name">Name of the instance's identity.</param>
/// <param name="Stem">Its first sentences.</param>
/// <param name="Traits">Its traits.</param>
/// <param name="Values">Its values.</param>
/// <param name="Goals">Its goals.</param>
/// <param name="Drives">Questions that it asks itself in planned runs.</param>
internal sealed record GoalsReply(
    string Name,
    string Stem,
    IReadOnlyList<string> Traits,
    IReadOnlyList<string> Values,
    IReadOnlyList<string> Goals,
    IReadOnlyList<string> Drives
);

/// <summary>The reply to <c>/help</c>.</summary>
/// <param name="Commands">In order.</param>
internal sealed record HelpReply(IReadOnlyList<HelpLine> Commands);

/// <summary>A command.</summary>
/// <param name="Name">Without the slash.</param>
/// <param name="Usage">With its argument.</param>
/// <param name="Help">One line.</param>
internal sealed record HelpLine(string Name, string Usage, string Help);

/// <summary>The reply to <c>/history</c>.</summary>
/// <param name="Exchanges">Exchanges of the instance.</param>
/// <param name="Shown">The last of them.</param>
internal sealed record HistoryReply(int Exchanges, IReadOnlyList<ExchangeOutput> Shown);

/// <summary>The reply to <c>/probe</c>.</summary>
/// <param name="BareDrift">Bare identity drift since generation 0, bits in [0, 1].</param>
/// <param name="AgentDrift">The same for the whole agent.</param>
/// <param name="HeldOut">Held-out cross-entropy, nats per token.</param>
/// <param name="Open">Answers to open probes.</param>
internal sealed record ProbeReply(double? BareDrift, double? AgentDrift, double? HeldOut, IReadOnlyList<OpenAnswer> Open);

/// <summary>An answer to an open probe.</summary>
/// <param name="Probe">Id of the probe.</param>
/// <param name="Text">The answer.</param>
internal sealed record OpenAnswer(string Probe, string Text);

/// <summary>The reply to <c>/memory</c>.</summary>
/// <param name="Recallable">Memories that can be recalled.</param>
/// <param name="Memories">The newest of them, newest first.</param>
internal sealed record MemoryReply(int Recallable, IReadOnlyList<MemoryOutput> Memories);

/// <summary>A memory.</summary>
/// <param name="Id">Such as <c>e12</c>, or <c>i2</c> for an insight.</param>
/// <param name="Text">As in a prompt.</param>
/// <param name="Importance">1 to 10.</param>
internal sealed record MemoryOutput(string Id, string Text, double? Importance);

/// <summary>The reply to <c>/memory</c> with a query.</summary>
/// <param name="Memories">The best matches, best first.</param>
internal sealed record RecallReply(IReadOnlyList<HitOutput> Memories);

/// <summary>The reply to <c>/rewind</c>.</summary>
/// <param name="Fork">The instance that receives input from now on.</param>
/// <param name="Parent">The instance that it was forked from.</param>
/// <param name="Index">Index of the last event that they share.</param>
/// <param name="ExchangesLeftBehind">Exchanges that the fork omits.</param>
/// <param name="RoundsLeftBehind">Rounds that the fork omits.</param>
internal sealed record RewindReply(string Fork, string Parent, long Index, int ExchangesLeftBehind, int RoundsLeftBehind);

/// <summary>The reply to <c>/save</c>.</summary>
/// <param name="File">The written file.</param>
/// <param name="Exchanges">Exchanges in it.</param>
internal sealed record SaveReply(string File, int Exchanges);

/// <summary>The reply to <c>/self</c>.</summary>
/// <param name="SelfModel">The current self-model.</param>
/// <param name="AtBirth">The self-model of generation 0.</param>
/// <param name="Changes">In order.</param>
internal sealed record SelfReply(string SelfModel, string AtBirth, IReadOnlyList<SelfChange> Changes);

/// <summary>A change of the self-model.</summary>
/// <param name="Index">Index of its event in the instance.</param>
/// <param name="Text">The new self-model.</param>
/// <param name="Because">Id of the insight.</param>
/// <param name="Insight">Its text.</param>
internal sealed record SelfChange(long Index, string Text, string Because, string Insight);

/// <summary>The reply to <c>/compare</c>.</summary>
/// <param name="Mine">This instance.</param>
/// <param name="Theirs">The other instance.</param>
/// <param name="Same">Stimuli that both answered.</param>
/// <param name="Identical">Identical answers to them.</param>
internal sealed record CompareReply(ComparedSide Mine, ComparedSide Theirs, int Same, int Identical);

/// <summary>One of two instances.</summary>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Experiences">Stored experiences.</param>
/// <param name="BareDrift">Bare identity drift since generation 0, bits in [0, 1].</param>
/// <param name="AgentDrift">The same for the whole agent.</param>
/// <param name="Novelty">Mean of 1 - cosine to the nearest earlier answer, in [0, 2].</param>
/// <param name="Kept">Kept / stored, in [0, 1].</param>
internal sealed record ComparedSide(string Instance, int Experiences, double? BareDrift, double? AgentDrift, double? Novelty, double? Kept);

/// <summary>The reply to <c>/quit</c>.</summary>
/// <param name="Left">True.</param>
internal sealed record QuitReply(bool Left);
