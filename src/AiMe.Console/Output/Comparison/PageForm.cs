namespace AiMe.Console.Output.Comparison;

/// <summary>How much a comparison's page shows.</summary>
[Flags]
public enum PageForm
{
    /// <summary>One screen: the table and at most ten sentences.</summary>
    Usual = 0,

    /// <summary>One table with every measure, at any width.</summary>
    Wide = 1,

    /// <summary>Also the meaning of the columns, every test and pair, and every finding.</summary>
    Explained = 2,
}
