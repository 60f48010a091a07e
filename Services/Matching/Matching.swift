@main struct Matching { static func main() {} }
