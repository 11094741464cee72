System.Console.WriteLine("aime");
