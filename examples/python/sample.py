import dixit
for quotation in dixit.Pipeline().extract(open("data/samples/harbour.txt").read(), id="harbour"):
    print(quotation.to_json())
